# SPDX-License-Identifier: GPL-2.0-or-later
#
# What the tables about checksums ask.

# ask_checksums(): a packet of each protocol, right and wrong, coming and going.
function ask_checksums(    n, i, comes, wrong, kinds, words) {
	n = split("udp tcp icmp icmp6 sctp udp6 tcp6", kinds)
	for (i = 1; i <= n; i++)
		for (comes = 1; comes >= 0; comes--)
			for (wrong = 0; wrong <= 1; wrong++) {
				begin_flow()
				ask(kinds[i] (comes ? " comes" : " goes"), wrong ? "wrong" : "right")
				say(first_packet(kinds[i], comes) (wrong ? " bad-checksum" : ""))
			}
	begin_flow()
	ask("udp comes", "none")
	say("udp " client " > " server " len 8 no-checksum")
}

function first_packet(kind, comes,    here, there) {
	here = kind ~ /6/ ? "[2001:db8::1]" : "10.0.0.1"
	there = kind ~ /6/ ? "[2001:db8::2]" : "10.0.0.2"
	if (kind ~ /icmp/) {
		gsub(/[][]/, "", here)
		gsub(/[][]/, "", there)
		return kind " " (comes ? there " > " here : here " > " there) " echo-request id " n_flows " seq 1 len 8"
	}
	here = here ":" 80
	there = there ":" 1024 + n_flows
	sub(/6/, "", kind)
	return kind " " (comes ? there " > " here : here " > " there) (kind == "tcp" ? " S seq 1" : kind == "sctp" ? " chunk init" : " len 8")
}
