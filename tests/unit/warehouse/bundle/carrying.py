"""A closed side with a public folder and a public side with an empty one."""

from assets.release import City
from warehouse.bundle.apply import apply_bundle
from warehouse.bundle.export import export_bundle
from warehouse.home import Home
from warehouse.signing import public_key

CITY = City(
    name="はるみ市",
    prefecture="大阪府",
    local_government_code="272999",
    publisher="はるみ市",
    contact="デジタル課",
)
FIRST = {
    "index.html": b"<p>1</p>",
    "datasets/aed/index.html": b"<p>aed</p>",
    "datasets/aed/v1/a.csv": b"ID\r\n001\r\n",
    "datasets/aed/latest/a.csv": b"ID\r\n001\r\n",
    "datasets/toilet/v1/t.csv": b"x" * 700,
    "catalog.ttl": b"<a> <b> <c> .\n",
}
SECOND = {
    "index.html": b"<p>2</p>",
    "datasets/aed/index.html": b"<p>aed 2</p>",
    "datasets/aed/v1/a.csv": b"ID\r\n001\r\n",
    "datasets/aed/v2/a.csv": b"ID\r\n002\r\n",
    "datasets/aed/latest/a.csv": b"ID\r\n002\r\n",
    "catalog.ttl": b"<a> <b> <d> .\n",
}


class Sides:
    """Both sides of the border, and the medium between them."""

    def __init__(self, root):
        self.home = Home(root / "home")
        self.served = root / "www"
        self.medium = root / "medium"
        self.count = 0

    @property
    def key(self):
        return public_key(self.home)

    def publish(self, files):
        """Make the public folder hold exactly these files."""
        for path in sorted(self.home.public.rglob("*"), reverse=True):
            path.unlink() if path.is_file() else path.rmdir()
        for name, content in files.items():
            path = self.home.public / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)

    def export(self, *, full=False):
        self.count += 1
        out = self.medium / f"{self.count}.machikane.tar"
        self.last = export_bundle(self.home, CITY, out, full=full)
        return out

    def apply(self, bundle):
        return apply_bundle(bundle, self.served, self.key)


def contents(folder):
    """Give every file below a folder, hidden ones too."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }
