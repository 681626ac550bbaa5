#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# verify.sh: asks the running kernel about every lab of captures/, with both back ends of iptables, and about
# captures/dns-timeout.pcap. Prints TAP. Needs root (or user namespaces) and iptables, nftables, /dev/net/tun; what is
# missing skips everything, aloud.
#
# That a difference is seen is checked too: the kernel is asked about other rules than ours were replayed through, which no
# option of the program allows, so an iptables-restore of this test's own puts other rules into the namespace.

. "$(dirname "$0")/../tap"
need_kernel

# report STATUS NAME: one TAP line; what the program said comes along when it failed.
report() { tell "$1" "$2" "$work/output"; }

# verify OPTION...: its output in $work/output
verify() {
	"$ctreplay" verify "$@" >"$work/output" 2>&1
}

# verify_in FOLDER OPTION...: in that folder
verify_in() {
	cd "$1" || exit 99
	shift
	verify "$@"
	set -- $?
	cd "$source" || exit 99
	return "$1"
}

cd "$source" || exit 99

namespaces=$(ls -A /var/run/netns 2>/dev/null)
links=$(ls /sys/class/net)

verify -r captures/dns-timeout.pcap rules/dns.rules --local 192.168.1.2/24@eth0 && grep -q '^agreement' "$work/output"
report $? "dns-timeout: agreement in every packet"

for backend in legacy nft; do
	for lab in captures/*/capture.pcap; do
		folder=${lab%/*}
		# shellcheck disable=SC2046 # one option a word
		verify --backend $backend -r "$folder/capture.pcap" "$folder/rules" $(cat "$folder/host")
		report $? "${folder##*/}: no difference ($backend)"
	done
	for lab in captures/*/sides; do
		folder=${lab%/*}
		while read -r side interface words; do
			# Whom nobody can see behind a translated source is no one whom the kernel would translate so.
			case $words in *clients*) continue;; esac
			# shellcheck disable=SC2046 # one option a word
			verify_in "$folder" --backend $backend -r "$side.pcap" rules $(cat "$folder/host") --captured-on "$interface"
			report $? "${folder##*/} from $side: no difference ($backend)"
		done <"$lab"
	done
done

verify --real-time -r captures/ping-limit/capture.pcap captures/ping-limit/rules --local 10.0.0.2/24@eth0 &&
	grep -q '^agreement' "$work/output"
report $? "ping-limit: agreement in every packet when the kernel's clock is waited for"

# What somebody says to himself has one tuple twice.
printf '# ctreplay packets\n0 udp 10.0.0.1:5 > 10.0.0.1:5\n1 udp 10.0.0.1:5 > 10.0.0.1:5\n' >"$work/self.packets"
printf '*filter\n-A INPUT -p udp -m conntrack --ctstate NEW\nCOMMIT\n' >"$work/self.rules"
timeout 60 "$ctreplay" verify -r "$work/self.packets" "$work/self.rules" --local 10.0.0.1/24@eth0 >"$work/output" 2>&1
report $? "an entry whose two tuples are the same"

# The network card finishes what the host sends: REJECT in OUTPUT answers a checksum that only the capture shows as wrong.
cat >"$work/own.packets" <<'PACKETS'
# ctreplay packets
0 tcp 10.0.0.1:40000 > 10.0.0.2:80 S seq 1 bad-checksum
1 tcp [fd00::1]:40000 > [fd00::2]:80 S seq 1 bad-checksum
2 udp [fd00::1]:40000 > [fd00::2]:53 len 4 bad-checksum
PACKETS
printf '%s\n' '-A OUTPUT -p tcp -j REJECT --reject-with tcp-reset' '-A OUTPUT ! -o lo -j REJECT' >"$work/own.rules"
verify -r "$work/own.packets" -4 "$work/own.rules" -6 "$work/own.rules" --local 10.0.0.1/24@eth0 --local fd00::1/64@eth0 &&
	grep -q '^agreement' "$work/output"
report $? "unfinished checksums of the host's own packets: agreement"

verify -r captures/dns-timeout.pcap rules/dns.rules --local 192.168.1.2/24@eth0 --sysctl net.netfilter.nf_conntrack_max=5
[ $? -eq 3 ] && grep -q 'could not be asked: net.netfilter.nf_conntrack_max=5: it holds for the whole machine' "$work/output"
report $? "a setting of the whole machine: said, status 3"

verify -r captures/dns-timeout.pcap rules/dns.rules --local 192.168.1.2/24@eth0 --sysctl net.netfilter.nf_conntrack_udp_timeout=7 &&
	grep -q '^agreement' "$work/output"
report $? "a setting of the namespace: agreement"

# Another kernel is asked through a command; here it is the same one.
# shellcheck disable=SC2046 # one option a word
verify --kernel-command env -r captures/reject/capture.pcap captures/reject/rules $(cat captures/reject/host) &&
	grep -q '^agreement' "$work/output"
report $? "another kernel, through a command: agreement"

# shellcheck disable=SC2046 # one option a word
verify --kernel-command 'sed q /dev/null #' -r captures/reject/capture.pcap captures/reject/rules $(cat captures/reject/host)
[ $? -eq 3 ] && grep -q 'its answers ended too soon' "$work/output"
report $? "a command that answers nothing: said, status 3"

# shellcheck disable=SC2046 # one option a word
verify --kernel-command 'echo hello #' -r captures/reject/capture.pcap captures/reject/rules $(cat captures/reject/host)
[ $? -eq 3 ] && grep -q 'this is no answer: hello' "$work/output"
report $? "a command that answers something else: said, status 3"

# The other half: everything it says of one packet, as it is compared.
# shellcheck disable=SC2046 # one option a word
verify --kernel-only --json -r captures/reject/capture.pcap captures/reject/rules $(cat captures/reject/host) &&
	grep -q '"kind":"answer","packet":3,"facts":{"path":"PREROUTING INPUT"' "$work/output" &&
	[ "$(tail -n 1 "$work/output")" = '{"kind":"end"}' ]
report $? "the kernel's answers as JSON lines"

# Listings on the way, of the kernel that runs here and through a command; a row that the kernel has otherwise is seen where it stands.
for command in '' env; do
	verify ${command:+--kernel-command $command} -r captures/dns-timeout.pcap rules/dns.rules --local 192.168.1.2/24@eth0 \
		--snapshot each --snapshot every=10s --snapshot at=31s --snapshot at=500s && grep -q '^agreement' "$work/output"
	report $? "listings on the way${command:+, through a command}: agreement"
done
verify --kernel-command 'sh -c '"'"'"$@" | sed "/\"row\"/s/ 17 29 / 17 28 /"'"'"' sh' -r captures/dns-timeout.pcap rules/dns.rules \
	--local 192.168.1.2/24@eth0 --snapshot packet=2
[ $? -eq 1 ] && grep -q '^  table after packet 2' "$work/output" && grep -q '^    kernel    ipv4 .* 17 28 ' "$work/output"
report $? "a row that differs in a listing on the way is seen"

verify --kernel-only --out "table=$work/kernel" -r captures/dns-timeout.pcap rules/dns.rules --local 192.168.1.2/24@eth0 --snapshot each &&
	"$ctreplay" run -q --out "table=$work/ours" -r captures/dns-timeout.pcap rules/dns.rules --local 192.168.1.2/24@eth0 --snapshot each &&
	cmp "$work/kernel" "$work/ours" >>"$work/output" 2>&1
report $? "the kernel's listings after each packet are ours"

# All our outputs can show what the kernel said.
formats() {
	"$ctreplay" list formats | sed -n 's/^\([a-z][a-z-]*\) .*/\1/p' | while read -r format; do echo "--out $format=$work/all.$format"; done
}
for lab in captures/*/capture.pcap; do
	folder=${lab%/*}
	rm -f "$work"/all.*
	# shellcheck disable=SC2046 # one option a word
	verify --kernel-only --snapshot each $(formats) -r "$lab" "$folder/rules" $(cat "$folder/host") &&
		[ -s "$work/all.html" ] && [ -s "$work/all.svg" ] && [ -s "$work/all.explain" ] && [ -s "$work/all.json" ]
	report $? "${folder##*/}: the kernel's answers in every format"
done

# Sets: what they hold and have counted at the end.
sets=tests/cases/ipset/every-kind-of-set-is-asked-and-changed
for command in '' env; do
	verify ${command:+--kernel-command $command} -r $sets/packets $sets/rules --ipset $sets/sets --local 10.0.0.2/24@eth0 &&
		grep -q '^agreement' "$work/output"
	report $? "sets${command:+, through a command}: agreement"
done
verify --kernel-command 'sh -c '"'"'"$@" | sed "/\"set\"/s/packets 22 /packets 23 /"'"'"' sh' -r $sets/packets $sets/rules \
	--ipset $sets/sets --local 10.0.0.2/24@eth0
[ $? -eq 1 ] && grep -q '^    kernel    add ip 10.0.0.1 packets 23 ' "$work/output"
report $? "a set that counted otherwise is seen"

verify -r $sets/packets $sets/rules --local 10.0.0.2/24@eth0
[ $? -eq 2 ] && grep -q "$sets/rules:[0-9]*: this rule asks for a set: --ipset FILE says what it holds" "$work/output"
report $? "sets that nobody describes: said, status 2"

# Another iptables-restore in front: it accepts what the rules drop.
mkdir "$work/bin"
cat >"$work/bin/iptables-legacy-restore" <<'RESTORE'
#!/bin/sh
PATH=${PATH#*:}
sed 's/-j REJECT.*/-j ACCEPT/' | iptables-legacy-restore
RESTORE
chmod +x "$work/bin/iptables-legacy-restore"
# shellcheck disable=SC2046 # one option a word
PATH=$work/bin:$PATH "$ctreplay" verify -r captures/reject/capture.pcap captures/reject/rules $(cat captures/reject/host) \
	>"$work/output" 2>&1
[ $? -eq 1 ] && grep -q '^DIFFERENCES' "$work/output" && grep -q '^  verdict' "$work/output"
report $? "other rules in the kernel: the difference is seen"

# shellcheck disable=SC2046 # one option a word
verify --kernel-only --out "counters=$work/kernel" -r captures/reject/capture.pcap captures/reject/rules $(cat captures/reject/host) &&
	"$ctreplay" run --out "counters=$work/ours" -r captures/reject/capture.pcap captures/reject/rules $(cat captures/reject/host) \
		>/dev/null && cmp "$work/kernel" "$work/ours" >>"$work/output" 2>&1
report $? "the kernel's counters in our words are ours"

[ "$namespaces" = "$(ls -A /var/run/netns 2>/dev/null)" ] && [ "$links" = "$(ls /sys/class/net)" ]
report $? "nothing is left behind"

finish
