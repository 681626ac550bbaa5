# SPDX-License-Identifier: GPL-2.0-or-later
#
# Windows that are scaled by both sides, by one, by too much; and what SACK blocks acknowledge, with and without sackOK.
# The windows of both sides are 1000, scaled where both said so.

BEGIN {
	n_offers = split("none scale0 scale3 scale14 scale15 scale3-by-one scale3-by-other sack timestamps", offers)
	n_seqs = split("0 +1000 +1001 +7999 +8000 +8001 +16384000 +16384001 -1001 -1002 -8001 -8002 -66001", seqs)
	n_acks = split("+1 -66000 -66001 -66002 -67000 -16384000 -16384001", acks)
	n_sacks = split("0 1 1000", sacks)
	for (i = 1; i <= n_offers; i++)
		for (reply = 0; reply < 2; reply++)
			probe_offer(offers[i], reply ? "reply" : "original")
}

function options_of(offer, direction,    scale) {
	if (offer == "sack")
		return "<mss 1460,sackOK>"
	if (offer == "timestamps")
		return "<mss 1460,sackOK,timestamp 1000:0,nop,wscale 3>"
	if (offer == "none" || offer == "scale3-by-one" && direction == "reply" || offer == "scale3-by-other" && direction == "original")
		return "<mss 1460>"
	scale = offer
	gsub(/[^0-9]/, "", scale)
	return "<mss 1460,nop,wscale " scale ">"
}

function meet(offer) {
	begin_flow()
	syn_options = options_of(offer, "original")
	send("original", "S", 0)
	syn_options = options_of(offer, "reply")
	send("reply", "S.", 0)
	send("original", ".", 0)
	send("reply", ".", 0)
}

function probe_offer(offer, direction,    i) {
	for (i = 1; i <= n_seqs; i++) {
		meet(offer)
		ask(offer " " direction, "seq" seqs[i])
		segment(direction, ".", seqs[i], 0, 0, "")
	}
	for (i = 1; i <= n_acks; i++) {
		meet(offer)
		ask(offer " " direction, "ack" acks[i])
		segment(direction, ".", 0, acks[i], 0, "")
	}
	# A block that ends as far as the peer has sent, or further.
	for (i = 1; i <= n_sacks; i++) {
		meet(offer)
		send(other(direction), ".", 500)
		ask(offer " " direction, "sack+" sacks[i])
		segment(direction, ".", 0, -400, 0, sprintf("<nop,nop,sack %.0f:%.0f>", next_seq[other(direction)] - 100,
							     next_seq[other(direction)] + sacks[i]))
	}
}
