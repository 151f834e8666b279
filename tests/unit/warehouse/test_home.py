from warehouse.home import Home


def test_everything_stands_under_one_folder(tmp_path, monkeypatch):
    monkeypatch.setenv("MACHIKANE_HOME", str(tmp_path / "here"))
    home = Home.from_environment()
    places = [home.inbox, home.landing, home.keys, home.releases, home.candidates, home.reports]
    places += [home.portal, home.dagster, home.lake("secure"), home.lake("open")]
    assert len(set(places)) == len(places)
    assert all(tmp_path / "here" in place.parents for place in places)


def test_without_a_word_it_is_data_under_the_working_folder(tmp_path, monkeypatch):
    monkeypatch.delenv("MACHIKANE_HOME", raising=False)
    monkeypatch.chdir(tmp_path)
    assert Home.from_environment().root == (tmp_path / "data").resolve()
