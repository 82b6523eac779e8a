"""Which release this is."""

import pytest

from exodrive.ops.release import find_release

COMMIT = "0123456789abcdef0123456789abcdef01234567"


@pytest.mark.parametrize(
    "files",
    [
        {"HEAD": COMMIT},
        {"HEAD": "ref: refs/heads/main", "refs/heads/main": COMMIT},
        {
            "HEAD": "ref: refs/heads/main",
            "packed-refs": f"# packed\n{'f' * 40} refs/heads/old\n{COMMIT} refs/heads/main",
        },
    ],
)
def test_a_checkout_is_known_by_its_commit(tmp_path, files):
    for name, text in files.items():
        path = tmp_path / ".git" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text + "\n")
    assert find_release(tmp_path) == "0123456789ab"
    (tmp_path / "VERSION").write_text("2026.11.20\n")
    assert find_release(tmp_path) == "2026.11.20"


def test_without_either_there_is_none(tmp_path):
    assert find_release(tmp_path) == ""
    (tmp_path / ".git").mkdir()
    (tmp_path / ".git" / "HEAD").write_text("ref: refs/heads/main\n")
    assert find_release(tmp_path) == ""
