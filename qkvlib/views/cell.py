"""Pictures for notebook cells."""

import functools

from . import chart as chart_kind
from . import flow as flow_kind
from . import lesson_map as lesson_map_kind
from .look import plain


class Still:
    """A picture as a notebook shows and stores it: a PNG, with the same in words beside it (`text/plain`).

    picture : dict, as made by a module of this folder
    """

    def __init__(self, picture):
        self.picture = picture

    def _repr_mimebundle_(self, **kwargs):
        from .still import png

        said = plain(self.picture)
        return {"image/png": png([self.picture]), "text/plain": said}, {"image/png": {"alt": said}}


def _still(make):
    @functools.wraps(make)
    def made(*args, **options) -> Still:
        return Still(make(*args, **options))

    return made


chart = _still(chart_kind.chart)
flow = _still(flow_kind.flow)
lesson_map = _still(lesson_map_kind.lesson_map)
