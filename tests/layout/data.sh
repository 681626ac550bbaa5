#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The core keeps no state of its own: none of its objects holds writable data with static
# lifetime. Constants that need relocation (.data.rel.ro) are written by the loader alone.

library=libcore.a
if ! command -v objdump >/dev/null 2>&1; then
	echo "1..0 # SKIP objdump (binutils) is not there"
	exit 0
fi
if [ ! -f "$library" ]; then
	echo "1..1"
	echo "not ok 1 - $library is there"
	exit 1
fi
if ! objdump -f "$library" 2>/dev/null | grep -q 'file format elf'; then
	echo "1..0 # SKIP $library is not made of ELF objects"
	exit 0
fi

# A line of a symbol table: address, flags, section, size, name; a name may be missing for sections.
# Sanitizers add symbols of their own; these are the names that gcc and clang give them.
objdump -t "$library" | awk '
/file format/ { object = $1; sub(/:$/, "", object); n_objects++; next }
/^[0-9a-f]+ / {
	name = $NF
	section = $(NF - 2)
	if (name ~ /__asan|__odr_asan|__ubsan|Lubsan|^\.L|^__unnamed_[0-9]+$/ || name == section)
		next
	if (section ~ /^\.data\.rel\.ro/)
		next
	if (section == "*COM*" || section ~ /^\.(data|bss|tdata|tbss|sdata|sbss)(\.|$)/)
		wrong[++n] = object ": " name " (" section ")"
}
END {
	print "1..2"
	print (n_objects ? "ok" : "not ok") " 1 - there are objects to look at"
	print (n ? "not ok" : "ok") " 2 - no object of the core holds writable data"
	for (i = 1; i <= n; i++)
		print "# " wrong[i]
}'
