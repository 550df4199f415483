"""A model card as HTML. It is Markdown by a stranger: no HTML, no pictures, and links that vouch for nothing."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any

from switch_bench.evaluate.errors import InputError

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token
    from markupsafe import Markup

SCHEMES = ("https://", "http://", "mailto:")
LOWER = 2  # the page's own headings are of levels 1 and 2
MOST = 64 * 1024  # letters
MOST_READ = 24 * 1024  # letters that are read as Markdown: the worst of them take a second


@lru_cache(maxsize=256)
def html(text: str) -> Markup:
    """The card for a page. A long one is shown as it was written; what it has beyond `MOST` letters is left out."""
    from markupsafe import Markup

    if len(text) > MOST_READ:
        return Markup('<pre tabindex="0">{}</pre>').format(text[:MOST])
    return Markup(_reader().render(text[:MOST]))


@cache
def _reader() -> MarkdownIt:
    try:
        from markdown_it import MarkdownIt
    except ImportError as error:
        hint = "pip install 'switch-bench[leaderboard]'"
        raise InputError("cards need markdown-it-py, which isn't installed", where="leaderboard", hint=hint) from error
    reader = MarkdownIt("commonmark", {"html": False, "maxNesting": 20}).enable("table")
    reader.validateLink = lambda url: url.lower().startswith(SCHEMES)  # pyright: ignore[reportAttributeAccessIssue]
    reader.add_render_rule("image", _image)
    reader.add_render_rule("link_open", _link)
    reader.add_render_rule("heading_open", _heading)
    reader.add_render_rule("heading_close", _heading)
    reader.add_render_rule("th_open", _cell)
    reader.add_render_rule("td_open", _cell)
    return reader


def _image(renderer: Any, tokens: Sequence[Token], index: int, options: Any, env: Any) -> str:
    """A picture isn't loaded: a link to it stands in its place."""
    from markupsafe import escape

    token = tokens[index]
    said = token.content or "without a description"
    return f"<em>[picture: {escape(said)}, at {escape(token.attrGet('src') or '')}]</em>"


def _link(renderer: Any, tokens: Sequence[Token], index: int, options: Any, env: Any) -> str:
    tokens[index].attrSet("rel", "nofollow ugc noopener noreferrer")
    return renderer.renderToken(tokens, index, options, env)


def _heading(renderer: Any, tokens: Sequence[Token], index: int, options: Any, env: Any) -> str:
    token = tokens[index]
    token.tag = f"h{min(6, int(token.tag[1:]) + LOWER)}"
    return renderer.renderToken(tokens, index, options, env)


def _cell(renderer: Any, tokens: Sequence[Token], index: int, options: Any, env: Any) -> str:
    """A table's cell without the style attribute that the page's policy forbids."""
    tokens[index].attrs.pop("style", None)
    if tokens[index].tag == "th":
        tokens[index].attrSet("scope", "col")
    return renderer.renderToken(tokens, index, options, env)
