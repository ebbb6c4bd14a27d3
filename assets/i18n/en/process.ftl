# The program itself: starting, stopping, its log.

cli-stopped = clinic2factl has stopped unexpectedly at { $place }. Nothing has been opened.
start-no-display = clinic2fa found no display to open its window on. Start it in a graphical desktop; clinic2factl works without one.
start-no-window = clinic2fa could not open its window ({ $reason }). It needs a graphical desktop; nothing has been opened.
start-no-picture = clinic2fa could not draw its window ({ $reason }). It needs a driver for OpenGL 2, Vulkan, Direct3D 12 or Metal; nothing has been opened.
start-half-there = clinic2fa could not open its window: something of the graphical desktop is missing. On Linux look for the libraries libxkbcommon-x11, libXcursor and libXi; nothing has been opened.
start-stopped = clinic2fa has stopped unexpectedly at { $place }. Nothing has been opened.
