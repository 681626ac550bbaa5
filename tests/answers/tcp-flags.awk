# SPDX-License-Identifier: GPL-2.0-or-later
#
# Every state, both directions, and every set of flags.

BEGIN {
	n = split(STATES, states)
	for (s = 1; s <= n; s++)
		ask_flags(states[s])
}
