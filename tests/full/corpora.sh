#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Captures and rulesets of real systems and other projects, kept outside the tree: CTREPLAY_CORPORA names the folder
# (../shared/corpora beside the tree unless said otherwise), with captures under pcaps/ and rulesets under rules/.
# Every capture is replayed twice, with the same bytes; every ruleset loads and prints itself in a form that is stable,
# or is refused where the table below says. What iptables 1.8.9 says of each is in rules/INDEX.csv: the differences are
# that here `-d ! ADDRESS`, which iptables took up to 1.4, is taken with a warning, and that names of users and groups are not
# looked up.

. "$(dirname "$0")/../cli/harness"
corpora=${CTREPLAY_CORPORA:-$top/../shared/corpora}
[ -d "$corpora/pcaps" ] && [ -d "$corpora/rules" ] || {
	echo "1..0 # SKIP there are no corpora at $corpora"
	exit 0
}

# Rulesets that iptables refuses, and we too: the place and the words of the first error, and how many there are.
cat >.own/refused <<'END'
essentials/essentials.cmds|4:19|rule number 2 is beyond the end|7
ferm-tests/misc-subchain|25:57|unknown chain or target "TARPIT"|1
ferm-tests/modules-conntrack|3:52|unknown protocol "ftp"|1
ferm-tests/modules-hashlimit|2:32|hashlimit needs --hashlimit-name|4
ferm-tests/modules-recent|3:32|recent needs --set, --rcheck|2
ferm-tests/modules-time|3:37|unknown option "--days"|6
ferm-tests/protocols-tcp|12:36|unknown option "--mss"|1
ferm-tests/targets-dnat|2:92|--to-destination is given twice|1
ferm-tests/targets-snat|3:43|a port needs a protocol|2
fwbuilder/firewall1.cmds|412:88|unknown option "--days"|7
fwbuilder/firewall20.cmds|7:81|$addr has no value|7
fwbuilder/firewall37.cmds|154:33|host name "6bone.net"|12
fwbuilder/firewall60.cmds|5:66|unknown option "--days"|12
generated/ferm-mailserver.ip.rules|17:33|"imap3" is neither a port|1
iptables-semantics/parser-test|12:55|unknown option "--something-else"|3
iptables-semantics/tum-2013-10|1154:50|"XX:XX:XX:XX:XX:XX" is not a MAC address|20
iptables-semantics/tum-2015-09|1794:50|"XX:XX:XX:XX:XX:XX" is not a MAC address|20
istio/cni-default|32:1|iptables-restore refuses a last line without line end|1
libvirt/net-nat-default.cmds|1:40|table filter has no chain "LIBVIRT_INP"|7
libvirt/net-route-default.cmds|1:40|table filter has no chain "LIBVIRT_INP"|6
libvirt/nwf-conntrack.cmds|1:18|table filter has no chain "FJ-vnet0"|3
libvirt/nwf-iter2.cmds|1:18|table filter has no chain "FJ-vnet0"|3
libvirt/nwf-sctp-ipv6.cmds|1:19|table filter has no chain "FJ-vnet0"|3
libvirt/nwf-tcp.cmds|1:18|table filter has no chain "FJ-vnet0"|3
END

refused() { # FILE PLACE WORDS NUMBER
	ends 2 check "$corpora/rules/$1" || return 1
	grep -c ': error: ' .own/stderr | grep -q "^$4\$" || { echo "not $4 errors"; cat .own/stderr; return 1; }
	grep -m 1 ': error: ' .own/stderr | grep -F -q "$1:$2: error: $3" || { echo "not at $2: $3"; cat .own/stderr; return 1; }
}

stable() { # FILE
	ends 0 check "$corpora/rules/$1" || return 1
	"$CTREPLAY" format "$corpora/rules/$1" >once 2>.own/stderr || { cat .own/stderr; return 1; }
	"$CTREPLAY" format once >twice 2>.own/stderr || { cat .own/stderr; return 1; }
	# Tables are printed in the reverse order of loading.
	"$CTREPLAY" format twice >thrice 2>.own/stderr || { cat .own/stderr; return 1; }
	diff once thrice
}

for file in $(cd "$corpora/rules" && find . -type f ! -name '*.csv' ! -name 'README*' | sed 's|^\./||' | sort); do
	IFS='|' read -r _ place words number <<-END
	$(grep -F "$file|" .own/refused)
	END
	if [ -n "$place" ]; then
		passes "rules/$file is refused" refused "$file" "$place" "$words" "$number"
	else
		passes "rules/$file loads, and prints the same again" stable "$file"
	fi
done

# libpcap does not read several link types in one file.
mixed=wireshark/many_interfaces.pcapng.1

replay_twice() { # FILE
	for i in 1 2; do
		ends 0 run -q -r "$corpora/pcaps/$1" "$rules/workstation.rules" --snapshot end --out json=$i.json --out csv=$i.csv \
			--out events=$i.events --out table=$i.table --out counters=$i.counters --out text=$i.text || return 1
	done
	for format in json csv events table counters text; do
		cmp 1.$format 2.$format || return 1
	done
	tail -n 1 1.json | grep -q '"kind":"summary"'
}

for file in $(cd "$corpora/pcaps" && find . -type f ! -name '*.csv' ! -name 'README*' | sed 's|^\./||' | sort); do
	if [ "$file" = $mixed ]; then
		says "pcaps/$file is refused" 2 'several link types' run -q -r "$corpora/pcaps/$file" "$rules/workstation.rules"
	else
		passes "pcaps/$file twice, the same bytes" replay_twice "$file"
	fi
done

finish
