# SPDX-License-Identifier: GPL-2.0-or-later
# Stands in for the unit tests where libcheck is missing.
echo "1..0 # SKIP libcheck was not found by configure: NO UNIT TEST WAS BUILT OR RUN"
