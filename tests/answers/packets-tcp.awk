# SPDX-License-Identifier: GPL-2.0-or-later
#
# What the tables about TCP ask.

BEGIN {
	STATES = "NONE SYN_SENT SYN_RECV ESTABLISHED FIN_WAIT CLOSE_WAIT LAST_ACK TIME_WAIT CLOSE SYN_SENT2"
	CLASSES = "S S. F. . R R."
}

function flag_set(bits) {
	return bits == 0 ? "none" : (bits % 2 ? "F" : "") (int(bits / 2) % 2 ? "S" : "") (int(bits / 4) % 2 ? "R" : "") \
		(int(bits / 8) % 2 ? "." : "") (int(bits / 16) % 2 ? "U" : "")
}

function wrapped(number) {
	return (number + 4294967296) % 4294967296
}

# segment(DIRECTION, FLAGS, SEQ_OFFSET, ACK_OFFSET, LEN, REST): offsets from what would be next; nothing is remembered.
function segment(direction, flags, seq_offset, ack_offset, len, rest,    ends, numbers) {
	ends = direction == "original" ? client " > " server : server " > " client
	numbers = sprintf("seq %.0f", wrapped(next_seq[direction] + seq_offset))
	if (flags ~ /[.]/)
		numbers = numbers sprintf(" ack %.0f", wrapped(next_seq[other(direction)] + ack_offset))
	say("tcp " ends " " flags " " numbers " win " window (len ? " len " len : "") (rest ? " " rest : ""))
}

# send(DIRECTION, FLAGS, LEN): the segment that comes next.
function send(direction, flags, len) {
	segment(direction, flags, 0, 0, len, flags ~ /S/ ? syn_options : "")
	next_seq[direction] += len + (flags ~ /S/) + (flags ~ /F/)
}

# The usual way into a state: who sends (> the one that began, < the other), which flags, and perhaps +BYTES of data, @OFFSET from
# what would be next, or =WINDOW.
BEGIN {
	WAY["NONE"] = ""
	WAY["SYN_SENT"] = ">S"
	WAY["SYN_SENT2"] = WAY["SYN_SENT"] " <S"
	WAY["SYN_RECV"] = WAY["SYN_SENT"] " <S."
	WAY["ESTABLISHED"] = WAY["SYN_RECV"] " >."
	WAY["FIN_WAIT"] = WAY["ESTABLISHED"] " >F."
	WAY["CLOSE_WAIT"] = WAY["FIN_WAIT"] " <."
	WAY["LAST_ACK"] = WAY["CLOSE_WAIT"] " <F."
	WAY["TIME_WAIT"] = WAY["LAST_ACK"] " >."
	WAY["CLOSE"] = WAY["ESTABLISHED"] " >R."
	WAY["PICKED_UP"] = ">.+10"
	WAY["PICKED_UP_REPLIED"] = ">.+10 <.+10"
	WAY["SYN_IGNORED"] = WAY["ESTABLISHED"] " >S@100000"
	WAY["CHALLENGED"] = WAY["LAST_ACK"] " >S@100000"
	WAY["UNACKNOWLEDGED"] = WAY["ESTABLISHED"] " >.+10"
	WAY["WINDOW_CLOSED"] = WAY["ESTABLISHED"] " >.=0"
}

function step(word,    direction, parts) {
	direction = word ~ /^>/ ? "original" : "reply"
	split(substr(word, 2), parts, /[+@=]/)
	if (word ~ /@/)
		segment(direction, parts[1], parts[2], 0, 0, "")
	else if (word ~ /=/) {
		window = parts[2]
		send(direction, parts[1], 0)
		window = 1000
	} else
		send(direction, parts[1], parts[2] + 0)
}

# enter(STATE): a connection comes into the state. The answer to the last packet is wanted when ROW is given.
function enter(state, row, column,    n, i, steps) {
	begin_flow()
	n = split(WAY[state], steps, " ")
	for (i = 1; i <= n; i++) {
		if (row != "" && i == n)
			ask(row, column)
		step(steps[i])
	}
}

# ask_flags(STATE): both directions, and every set of the flags FIN, SYN, RST, ACK and URG, with numbers that fit.
function ask_flags(state,    reply, bits, direction) {
	for (reply = 0; reply < 2; reply++)
		for (bits = 0; bits < 32; bits++) {
			direction = reply ? "reply" : "original"
			enter(state)
			ask(state " " direction, flag_set(bits))
			segment(direction, flag_set(bits), 0, 0, 0, "")
		}
}

function offset_name(what, offset) {
	return what (offset == "+2147483648" ? " far" : offset)
}

# ask_window(STATE, DIRECTION, FLAGS): where its numbers are, from what would come next, by so many bytes. Both windows are 1000
# bytes, not scaled. "far" is half the circle of numbers away.
function ask_window(state, direction, flags,    row, i, n, offsets) {
	row = state " " direction " " flags
	n = split("0 -1 -999 -1000 -1001 -1002 -1003 -70000 +1 +998 +999 +1000 +1001 +1002 +70000 +2147483648", offsets)
	for (i = 1; i <= n; i++) {
		enter(state)
		ask(row, offset_name("seq", offsets[i]))
		segment(direction, flags, offsets[i], 0, 0, "")
	}
	n = split("-1 -1000 -65999 -66000 -66001 -66002 +1 +2 +70000 +2147483648", offsets)
	for (i = 1; i <= n && flags ~ /[.]/; i++) {
		enter(state)
		ask(row, offset_name("ack", offsets[i]))
		segment(direction, flags, 0, offsets[i], 0, "")
	}
	n = split("-1102 -1101 -1100 -1099 -100 +899 +900 +901 +999 +1000 +1001", offsets)
	for (i = 1; i <= n && flags ~ /^F?[.]$/; i++) {
		enter(state)
		ask(row, "100 bytes at seq" offsets[i])
		segment(direction, flags, offsets[i], 0, 100, "")
	}
	if (flags ~ /R/) {
		enter(state)
		ask(row, "seq is 0")
		segment(direction, flags, -next_seq[direction], 0, 0, "")
	}
}

# ask_windows(STATES, CLASSES): all of them, in both directions.
function ask_windows(state_list, class_list,    i, c, n, k, states, classes) {
	n = split(state_list, states)
	k = split(class_list, classes)
	for (i = 1; i <= n; i++) {
		for (c = 1; c <= k; c++)
			ask_window(states[i], "original", classes[c])
		for (c = 1; c <= k; c++)
			ask_window(states[i], "reply", classes[c])
	}
}

# ask_repetitions(MOST): a segment that comes again and again; a window of 0; data that nobody acknowledges.
function ask_repetitions(most,    n, i, reply, direction) {
	for (reply = 0; reply < 2; reply++) {
		direction = reply ? "reply" : "original"
		enter("ESTABLISHED")
		for (n = 1; n <= most; n++) {
			ask("data from " direction, n)
			segment(direction, ".", 0, 0, 100, "")
		}
		next_seq[direction] += 100
		ask("data from " direction, "acknowledged")
		segment(other(direction), ".", 0, 0, 0, "")
		enter("ESTABLISHED")
		for (n = 1; n <= most; n++) {
			ask("ACK from " direction, n)
			segment(direction, ".", 0, 0, 0, "")
		}
		ask("ACK from " direction, "the next one")
		segment(direction, ".", 1, 0, 0, "")
		enter("FIN_WAIT")
		for (n = 1; n <= most; n++) {
			ask("data from " direction " in FIN_WAIT", n)
			segment(direction, ".", -1, 0, 1, "")
		}
		enter("ESTABLISHED")
		window = 0
		ask("no window from " direction, "at first")
		segment(direction, ".", 0, 0, 0, "")
		ask("no window from " direction, "again")
		segment(direction, ".", 0, 0, 0, "")
		window = 1000
		ask("no window from " direction, "data from the other")
		segment(other(direction), ".", 0, 0, 10, "")
		ask("no window from " direction, "open")
		segment(direction, ".", 0, 0, 0, "")
	}
}
