# SPDX-License-Identifier: GPL-2.0-or-later
#
# Every state, then one segment, then another: what the first one left behind, also where it was not let through.

BEGIN {
	n_states = split(STATES " PICKED_UP_REPLIED", states)
	n_classes = split(CLASSES, classes)
	for (i = 1; i <= n_states; i++)
		for (first = 0; first < 2 * n_classes; first++)
			for (second = 0; second < 2 * n_classes; second++)
				probe_pair(states[i], first, second)
}

function direction_of(number) {
	return number < n_classes ? "original" : "reply"
}

function probe_pair(state, first, second,    flags) {
	enter(state)
	send(direction_of(first), classes[first % n_classes + 1], 0)
	flags = classes[second % n_classes + 1]
	ask(state ", " direction_of(first) " " classes[first % n_classes + 1], direction_of(second) " " flags)
	segment(direction_of(second), flags, 0, 0, 0, "")
}
