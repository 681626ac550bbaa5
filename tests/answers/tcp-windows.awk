# SPDX-License-Identifier: GPL-2.0-or-later
#
# Every state, both directions, every class of segment, and everywhere in and beside the window.

BEGIN {
	ask_windows(STATES " PICKED_UP PICKED_UP_REPLIED SYN_IGNORED CHALLENGED", CLASSES)
}
