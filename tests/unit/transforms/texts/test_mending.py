import polars as pl
import pytest

from transforms.texts.mending import mend_where


@pytest.mark.parametrize(
    "texts", [[], [None], ["a", None], ["b"], ["ab", "b", None, "c"], ["ab", "ba", None, "c"]]
)
def test_only_texts_with_the_pattern_are_mended(texts):
    frame = pl.DataFrame({"x": texts}, schema={"x": pl.String})
    mended = mend_where(pl.col("x"), "a", lambda column: column.str.replace_all("a", "A"))
    for engine in ("in-memory", "streaming"):
        out = frame.lazy().select(mended).collect(engine=engine)
        assert out["x"].to_list() == [text and text.replace("a", "A") for text in texts]
