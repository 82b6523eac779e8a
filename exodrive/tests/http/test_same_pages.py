"""The comparison of pages before and after notices what a reader would see, and nothing else."""

import pytest

from exodrive.tests.support.same_pages import first_difference

SAME = [
    ("<div><p>One</p><p>Two</p></div>", "<div>\n  <p>One</p>\n  <p>\n    Two\n  </p>\n</div>"),
    ("<p>a <b>b</b></p>", "<p>\n  a\n  <b>b</b>\n</p>"),
    ("<p><b>a</b> c</p>", "<p>\n <b> a</b> c</p>"),
    ("<a href='/' class=\"x  y\">a</a>", "<a\n  href='/'\n  class=\"x y\"\n>a</a>"),
    ('<div class="actions"><a>1</a><a>2</a></div>', '<div class="actions">\n<a>1</a>\n<a>2</a>\n</div>'),
    ('<a class="btn"><svg></svg>Go</a>', '<a class="btn">\n<svg></svg>\nGo\n</a>'),
    ("<p><button>Go</button> x</p>", "<p><button>\n Go\n</button> x</p>"),
    ('<input name="csrfmiddlewaretoken" value="1">', '<input name="csrfmiddlewaretoken" value="2">'),
]
OTHER = [
    ("<p><b>a</b> <i>c</i></p>", "<p><b>a</b><i>c</i></p>"),
    ("<p><b>a</b>c</p>", "<p><b>a</b> c</p>"),
    ("<p>a<input> b</p>", "<p>a<input>b</p>"),
    ("<p><button>Go</button> x</p>", "<p><button>Go</button>x</p>"),
    ("<p>One</p>", "<p>Two</p>"),
    ('<p aria-label="a b">One</p>', '<p aria-label=" a  b ">One</p>'),
    ('<p class="a">One</p>', '<p class="b">One</p>'),
    ("<p>One</p>", "<p>One</p><p></p>"),
    ('<p><a class="btn">1</a> <a class="btn">2</a></p>', '<p><a class="btn">1</a><a class="btn">2</a></p>'),
    ("<pre>a\n b</pre>", "<pre>a b</pre>"),
    ("<textarea>a</textarea>", "<textarea>\n a</textarea>"),
]


@pytest.mark.parametrize(("before", "after"), SAME)
def test_what_looks_the_same_is_the_same(before, after):
    assert first_difference(before, after) is None


@pytest.mark.parametrize(("before", "after"), OTHER)
def test_what_looks_different_is_found(before, after):
    assert first_difference(before, after)
