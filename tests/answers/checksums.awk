# SPDX-License-Identifier: GPL-2.0-or-later
#
# Layer 4 checksums, right and wrong.

BEGIN {
	ask_checksums()
}
