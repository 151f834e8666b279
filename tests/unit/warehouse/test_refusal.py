import pickle

from warehouse.refusal import Refusal


def test_a_refusal_says_three_things_and_survives_the_way_between_processes():
    refusal = Refusal("csv.broken", "壊れています。", "f.csv の 3行目", "出力し直してください。")
    again = pickle.loads(pickle.dumps(refusal))  # noqa: S301 - our own bytes
    assert (again.rule, str(again)) == ("csv.broken", str(refusal))
    assert str(refusal).splitlines() == [
        "壊れています。",
        "  場所: f.csv の 3行目",
        "  直し方: 出力し直してください。",
    ]
