# SPDX-License-Identifier: GPL-2.0-or-later
#
# A segment that comes again and again, with the usual settings.

BEGIN {
	ask_repetitions(6)
}
