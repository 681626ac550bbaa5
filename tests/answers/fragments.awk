# SPDX-License-Identifier: GPL-2.0-or-later
#
# The second half of a datagram, and how long after the first one. The kernel's timer for fragments is up to 2.05 s late.
# clock: exact

BEGIN {
	ask_halves(30, 60)
}
