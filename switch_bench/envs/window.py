"""A window for `render_mode="human"`, by Tk from the standard library."""

from __future__ import annotations

import numpy as np

from switch_bench.envs.errors import EnvError


class Window:
    """Shows pictures as they come. Raises EnvError where there is no display."""

    def __init__(self, title: str, size: tuple[int, int]):
        import tkinter

        try:
            self._root = tkinter.Tk()
        except tkinter.TclError as error:
            raise EnvError(
                f"render_mode 'human' needs a display ({error}); use 'rgb_array' on a machine without"
            ) from error
        self._root.title(title)
        self._image = tkinter.PhotoImage(width=size[0], height=size[1])
        tkinter.Label(self._root, image=self._image).pack()

    def show(self, image: np.ndarray) -> None:
        """Show an (h, w, 3) uint8 picture."""
        height, width = image.shape[:2]
        self._image.configure(data=f"P6 {width} {height} 255 ".encode() + image.tobytes(), format="ppm")
        self._root.update_idletasks()
        self._root.update()

    def close(self) -> None:
        """Close the window."""
        self._root.destroy()
