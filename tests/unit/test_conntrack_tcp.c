/* SPDX-License-Identifier: GPL-2.0-or-later */
/* TCP conversations, packet by packet: the state machine, the window, and their exceptions. */
#include "conntrack/tracker/tcp_states.h"
#include "conntrack_fixture.h"

enum { CLIENT = 2, SERVER = 1, CLIENT_PORT = 1000, SERVER_PORT = 80, MOST_STEPS = 12 };

/* 40-byte packets with a window of 8192, client ISN 1000, server ISN 5000, unless a step says otherwise. */
struct step {
	int64_t at_ms;
	char side;		/* '>' client to server, '<' back; 0 ends the list */
	const char *flags;	/* of SAFRPU */
	uint32_t seq, ack, len;
	const char *result;
	const char *events;	/* NULL: not looked at */
	int window;		/* 0: 8192; -1: zero */
};

struct conversation {
	const char *name;
	const char *sysctl;
	uint32_t value;
	struct step steps[MOST_STEPS];
};

#define HANDSHAKE \
	{ 0, '>', "S", 1000, 0, 0, "NEW SYN_SENT 120 1/0 U", "NEW SYN_SENT 120 U", 0 }, \
	{ 10, '<', "SA", 5000, 1001, 0, "ESTABLISHED SYN_RECV 60 1/1", "UPDATE SYN_RECV 60", 0 }, \
	{ 20, '>', "A", 1001, 5001, 0, "ESTABLISHED ESTABLISHED 432000 2/1 A", "UPDATE ESTABLISHED 432000 A", 0 }

static const struct conversation conversations[] = {
	{ "01 a SYN again does not refresh", NULL, 0, {
		{ 0, '>', "S", 1000, 0, 0, "NEW SYN_SENT 120 1/0 U", "NEW SYN_SENT 120 U", 0 },
		{ 3500, '>', "S", 1000, 0, 0, "NEW SYN_SENT 116 1/0 U", "", 0 },
	} },
	{ "02 a reset as the only reply ends the entry", NULL, 0, {
		{ 0, '>', "S", 1000, 0, 0, "NEW SYN_SENT 120 1/0 U", "NEW SYN_SENT 120 U", 0 },
		{ 500, '<', "RA", 0, 1001, 0, "ESTABLISHED CLOSE 119 1/1", "DESTROY CLOSE 119 U", 0 },
		{ 900, '>', "S", 1000, 0, 0, "NEW SYN_SENT 120 1/0 U", "NEW SYN_SENT 120 U", 0 },
	} },
	{ "03 the opening side cannot acknowledge first", NULL, 0, {
		{ 0, '>', "S", 1000, 0, 0, "NEW SYN_SENT 120 1/0 U", NULL, 0 },
		{ 10, '>', "A", 1001, 5001, 0, "INVALID -", "", 0 },
		{ 500, '>', "S", 1000, 0, 0, "NEW SYN_SENT 119 1/0 U", "", 0 },
	} },
	{ "04 picked up in the middle", NULL, 0, {
		{ 0, '>', "A", 1001, 5001, 0, "NEW ESTABLISHED 300 1/0 U", "NEW ESTABLISHED 300 U", 0 },
		{ 10, '<', "A", 5001, 1001, 0, "ESTABLISHED ESTABLISHED 300 1/1", "UPDATE 300", 0 },
		{ 20, '>', "A", 1001, 5001, 0, "ESTABLISHED ESTABLISHED 432000 2/1 A", "UPDATE 432000 A", 0 },
	} },
	{ "04b not picked up with tcp_loose 0", "net.netfilter.nf_conntrack_tcp_loose", 0, {
		{ 0, '>', "A", 1001, 5001, 0, "INVALID -", "", 0 },
		{ 10, '>', "S", 1000, 0, 0, "NEW SYN_SENT 120 1/0 U", NULL, 0 },
	} },
	{ "05 an exact reset closes", NULL, 0, {
		HANDSHAKE,
		{ 30, '<', "R", 5001, 0, 0, "ESTABLISHED CLOSE 10 2/2 A", "UPDATE CLOSE 10 A", 0 },
		{ 10030, '>', "A", 1001, 5001, 0, "NEW ESTABLISHED 300 1/0 U", "DESTROY CLOSE A; NEW ESTABLISHED 300 U", 0 },
	} },
	{ "06 a reset ahead of the sequence is doubted", NULL, 0, {
		HANDSHAKE,
		{ 30, '<', "R", 5005, 0, 0, "ESTABLISHED ESTABLISHED 10 2/2 A", "", 0 },
		{ 40, '>', "A", 1001, 5001, 0, "ESTABLISHED ESTABLISHED 300 3/2 A", "", 0 },
	} },
	{ "07 a reset below the sequence is invalid", NULL, 0, {
		HANDSHAKE,
		{ 30, '<', "R", 4000, 0, 0, "INVALID -", "", 0 },
		{ 1040, '<', "SA", 5000, 1001, 0, "ESTABLISHED ESTABLISHED 431998 2/1 A", "", 0 },
	} },
	{ "07b unless tcp_ignore_invalid_rst", "net.netfilter.nf_conntrack_tcp_ignore_invalid_rst", 1, {
		HANDSHAKE,
		{ 30, '<', "R", 4000, 0, 0, "ESTABLISHED ESTABLISHED 10 2/2 A", "", 0 },
	} },
	{ "08 data far below the window is ignored, far above invalid", NULL, 0, {
		HANDSHAKE,
		{ 1030, '>', "A", 1001u - 70000u, 5001, 100, "ESTABLISHED ESTABLISHED 431998 2/1 A", "", 0 },
		{ 1040, '>', "A", 1001u + 70000u, 5001, 100, "INVALID -", "", 0 },
	} },
	{ "08b both accepted with tcp_be_liberal", "net.netfilter.nf_conntrack_tcp_be_liberal", 1, {
		HANDSHAKE,
		{ 1030, '>', "A", 1001u - 70000u, 5001, 100, "ESTABLISHED ESTABLISHED 432000 3/1 A", "", 0 },
		{ 1040, '>', "A", 1001u + 70000u, 5001, 100, "ESTABLISHED ESTABLISHED 432000 4/1 A", "", 0 },
	} },
	{ "09 a SYN after the server's reset is ignored, its answer resynchronises", NULL, 0, {
		HANDSHAKE,
		{ 30, '<', "R", 5001, 0, 0, "ESTABLISHED CLOSE 10 2/2 A", NULL, 0 },
		{ 1040, '>', "S", 90000, 0, 0, "ESTABLISHED CLOSE 8 2/2 A", "", 0 },
		{ 1050, '<', "SA", 7000, 90001, 0, "ESTABLISHED SYN_RECV 60 2/3 A", "UPDATE SYN_RECV 60 A", 0 },
		{ 1060, '>', "A", 90001, 7001, 0, "ESTABLISHED ESTABLISHED 432000 3/3 A", "UPDATE ESTABLISHED 432000 A", 0 },
	} },
	{ "10 a SYN after the client's own reset opens anew", NULL, 0, {
		HANDSHAKE,
		{ 30, '>', "R", 1001, 0, 0, "ESTABLISHED CLOSE 10 3/1 A", NULL, 0 },
		{ 530, '>', "S", 90000, 0, 0, "NEW SYN_SENT 120 1/0 U", "DESTROY CLOSE 9 A; NEW SYN_SENT 120 U", 0 },
	} },
	{ "11 a reset answers the challenge ACK", NULL, 0, {
		HANDSHAKE,
		{ 1030, '>', "S", 90000, 0, 0, "ESTABLISHED ESTABLISHED 431998 2/1 A", "", 0 },
		{ 1040, '<', "A", 5001, 1001, 0, "ESTABLISHED ESTABLISHED 432000 2/2 A", "", 0 },
		{ 1050, '>', "R", 1001, 0, 0, "ESTABLISHED CLOSE 10 3/2 A", "UPDATE CLOSE 10 A", 0 },
	} },
	{ "12 a window of zero shortens the timer", NULL, 0, {
		HANDSHAKE,
		{ 30, '<', "A", 5001, 1001, 0, "ESTABLISHED ESTABLISHED 300 2/2 A", "", -1 },
	} },
	{ "13 three repetitions reach max_retrans", NULL, 0, {
		HANDSHAKE,
		{ 30, '<', "A", 5001, 1001, 0, "ESTABLISHED ESTABLISHED 432000 2/2 A", "", 0 },
		{ 40, '<', "A", 5001, 1001, 0, "ESTABLISHED ESTABLISHED 432000 2/3 A", "", 0 },
		{ 50, '<', "A", 5001, 1001, 0, "ESTABLISHED ESTABLISHED 432000 2/4 A", "", 0 },
		{ 60, '<', "A", 5001, 1001, 0, "ESTABLISHED ESTABLISHED 300 2/5 A", "", 0 },
		{ 70, '<', "A", 5001, 1001, 0, "ESTABLISHED ESTABLISHED 300 2/6 A", "", 0 },
	} },
	{ "14 data at the right edge counts, one byte further does not", NULL, 0, {
		HANDSHAKE,
		{ 30, '>', "A", 9193, 5001, 1000, "ESTABLISHED ESTABLISHED 300 3/1 A", "", 0 },
		{ 1040, '>', "A", 9194, 5001, 1000, "ESTABLISHED ESTABLISHED 298 3/1 A", "", 0 },
	} },
	{ "15 simultaneous open", NULL, 0, {
		{ 0, '>', "S", 1000, 0, 0, "NEW SYN_SENT 120 1/0 U", "NEW SYN_SENT 120 U", 0 },
		{ 10, '<', "S", 5000, 0, 0, "ESTABLISHED SYN_SENT2 119 1/0", "UPDATE SYN_SENT2 119", 0 },
		{ 20, '>', "SA", 1000, 5001, 0, "ESTABLISHED SYN_RECV 60 2/0", "UPDATE SYN_RECV 60", 0 },
		{ 30, '<', "SA", 5000, 1001, 0, "ESTABLISHED SYN_RECV 59 2/0", "", 0 },
		{ 40, '>', "A", 1001, 5001, 0, "ESTABLISHED ESTABLISHED 432000 3/0 A", "UPDATE ESTABLISHED 432000 A", 0 },
	} },
	{ "16 a challenge ACK is not the last ACK", NULL, 0, {
		HANDSHAKE,
		{ 30, '>', "FA", 1001, 5001, 0, "ESTABLISHED FIN_WAIT 120 3/1 A", "UPDATE FIN_WAIT 120 A", 0 },
		{ 40, '<', "FA", 5001, 1001, 0, "ESTABLISHED LAST_ACK 30 3/2 A", "UPDATE LAST_ACK 30 A", 0 },
		{ 550, '>', "S", 90000, 0, 0, "ESTABLISHED LAST_ACK 29 3/2 A", "", 0 },
		{ 1560, '<', "A", 5002, 1002, 0, "ESTABLISHED LAST_ACK 28 3/2 A", "", 0 },
	} },
	{ "18a a FIN opens nothing", NULL, 0, { { 0, '>', "FA", 1, 1, 0, "INVALID -", "", 0 } } },
	{ "18b a reset opens nothing", NULL, 0, { { 0, '>', "R", 1, 0, 0, "INVALID -", "", 0 } } },
	{ "18c a SYN/ACK opens nothing", NULL, 0, { { 0, '>', "SA", 1, 1, 0, "INVALID -", "", 0 } } },
	{ "19 a normal close, and a SYN", NULL, 0, {
		HANDSHAKE,
		{ 30, '>', "FA", 1001, 5001, 0, "ESTABLISHED FIN_WAIT 120 3/1 A", "UPDATE FIN_WAIT 120 A", 0 },
		{ 40, '<', "A", 5001, 1002, 0, "ESTABLISHED CLOSE_WAIT 60 3/2 A", "UPDATE CLOSE_WAIT 60 A", 0 },
		{ 50, '<', "FA", 5001, 1002, 0, "ESTABLISHED LAST_ACK 30 3/3 A", "UPDATE LAST_ACK 30 A", 0 },
		{ 60, '>', "A", 1002, 5002, 0, "ESTABLISHED TIME_WAIT 120 4/3 A", "UPDATE TIME_WAIT 120 A", 0 },
		{ 560, '>', "S", 90000, 0, 0, "NEW SYN_SENT 120 1/0 U", "DESTROY TIME_WAIT 119 A; NEW SYN_SENT 120 U", 0 },
	} },
	{ "19b the server may open it anew, the other way round", NULL, 0, {
		HANDSHAKE,
		{ 30, '>', "FA", 1001, 5001, 0, "ESTABLISHED FIN_WAIT 120 3/1 A", NULL, 0 },
		{ 40, '<', "FA", 5001, 1002, 0, "ESTABLISHED LAST_ACK 30 3/2 A", NULL, 0 },
		{ 50, '>', "A", 1002, 5002, 0, "ESTABLISHED TIME_WAIT 120 4/2 A", NULL, 0 },
		{ 550, '<', "S", 90000, 0, 0, "NEW SYN_SENT 120 1/0 U", "DESTROY TIME_WAIT 119 A; NEW SYN_SENT 120 U", 0 },
	} },
	{ "21 unacknowledged data shortens the timer", NULL, 0, {
		HANDSHAKE,
		{ 30, '>', "PA", 1001, 5001, 100, "ESTABLISHED ESTABLISHED 300 3/1 A", "", 0 },
		{ 40, '<', "A", 5001, 1101, 0, "ESTABLISHED ESTABLISHED 432000 3/2 A", "", 0 },
	} },
	{ "22 data that was never seen cannot be acknowledged", NULL, 0, {
		HANDSHAKE,
		{ 30, '<', "A", 5001, 1002, 0, "INVALID -", "", 0 },
	} },
	{ "23 a bare ACK to a SYN is ignored, but a reply", NULL, 0, {
		{ 0, '>', "S", 1000, 0, 0, "NEW SYN_SENT 120 1/0 U", NULL, 0 },
		{ 500, '<', "A", 9, 9, 0, "ESTABLISHED SYN_SENT 119 1/0", "UPDATE 119", 0 },
		{ 600, '>', "R", 9, 0, 0, "ESTABLISHED CLOSE 10 2/0", "UPDATE CLOSE 10", 0 },
	} },
	{ "24 two wrong-looking ends lower the timer", NULL, 0, {
		HANDSHAKE,
		{ 30, '>', "FA", 90000, 5001, 0, "INVALID -", "", 0 },
		{ 40, '<', "FA", 90000, 1001, 0, "INVALID -", "", 0 },
		{ 50, '<', "SA", 5000, 1001, 0, "ESTABLISHED ESTABLISHED 299 2/1 A", "", 0 },
	} },
	{ "25 a FIN of the server right after its SYN/ACK", NULL, 0, {
		{ 0, '>', "S", 1000, 0, 0, "NEW SYN_SENT 120 1/0 U", NULL, 0 },
		{ 10, '<', "SA", 5000, 1001, 0, "ESTABLISHED SYN_RECV 60 1/1", NULL, 0 },
		{ 20, '<', "FA", 5001, 1001, 0, "ESTABLISHED FIN_WAIT 120 1/2", "UPDATE FIN_WAIT 120", 0 },
	} },
};

static uint8_t parse_flags(const char *letters)
{
	static const struct { char letter; uint8_t flag; } known[] = {
		{ 'F', TCP_FIN }, { 'S', TCP_SYN }, { 'R', TCP_RST }, { 'P', TCP_PSH }, { 'A', TCP_ACK }, { 'U', TCP_URG },
	};
	uint8_t flags = 0;

	for (; *letters; letters++)
		for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
			if (known[i].letter == *letters)
				flags |= known[i].flag;
	return flags;
}

static void make_tcp(struct fixture *fixture, bool is_reply, uint8_t flags, const struct step *step)
{
	uint8_t l4[20 + 1400] = { 0 };

	fixture_put16(l4, is_reply ? SERVER_PORT : CLIENT_PORT);
	fixture_put16(l4 + 2, is_reply ? CLIENT_PORT : SERVER_PORT);
	fixture_put32(l4 + 4, step->seq);
	fixture_put32(l4 + 8, step->ack);
	l4[12] = 5 << 4;
	l4[13] = flags;
	fixture_put16(l4 + 14, step->window < 0 ? 0 : step->window ? (uint16_t)step->window : 8192);
	fixture_make(fixture, FAMILY_IPV4, is_reply ? SERVER : CLIENT, is_reply ? CLIENT : SERVER, PROTOCOL_TCP, l4,
		     20 + step->len);
}

START_TEST(a_conversation_goes_as_in_linux)
{
	const struct conversation *conversation = &conversations[_i];
	struct fixture fixture;

	fixture_begin(&fixture, conversation->sysctl, conversation->value);
	for (size_t i = 0; i < MOST_STEPS && conversation->steps[i].side; i++) {
		const struct step *step = &conversation->steps[i];

		make_tcp(&fixture, step->side == '<', parse_flags(step->flags), step);
		fixture_send(&fixture, step->at_ms);
		ck_assert_msg(strcmp(fixture.result, step->result) == 0, "%s, packet %zu: \"%s\", not \"%s\" (%s)",
			      conversation->name, i + 1, fixture.result, step->result, fixture.transitions);
		ck_assert_msg(!step->events || strcmp(fixture.events, step->events) == 0,
			      "%s, packet %zu: events \"%s\", not \"%s\"", conversation->name, i + 1, fixture.events,
			      step->events);
	}
	fixture_end(&fixture);
}
END_TEST

/* Rule 3.2.4 of the kernel: of the sets of FIN, SYN, RST, ACK, URG these nine are what a TCP sends. */
START_TEST(only_nine_sets_of_flags_are_valid)
{
	static const char *const valid[] = { "S", "SU", "SA", "R", "RA", "FA", "FAU", "A", "AU" };

	for (unsigned flags = 0; flags < 256; flags++) {
		bool is_expected = false;

		for (size_t i = 0; i < sizeof(valid) / sizeof(valid[0]); i++)
			is_expected |= (flags & ~(unsigned)(TCP_PSH | TCP_ECE | TCP_CWR)) == parse_flags(valid[i]);
		ck_assert_msg(tcp_states_has_valid_flags((uint8_t)flags) == is_expected, "flags 0x%02x", flags);
	}
}
END_TEST

/* The kernel's table once more, in its usual abbreviations, so that no cell of ours is a slip of the pen. */
static const char *const expected_cells[2][TCP_CLASS_COUNT] = {
	{
		[TCP_CLASS_SYN] = "SS SS IG IG IG IG IG SS SS S2",
		[TCP_CLASS_SYN_ACK] = "IV IV SR IV IV IV IV IV IV SR",
		[TCP_CLASS_FIN] = "IV IV FW FW LA LA LA TW CL IV",
		[TCP_CLASS_ACK] = "ES IV ES ES CW CW TW TW CL IV",
		[TCP_CLASS_RST] = "IV CL CL CL CL CL CL CL CL CL",
		[TCP_CLASS_NONE] = "IV IV IV IV IV IV IV IV IV IV",
	}, {
		[TCP_CLASS_SYN] = "IV S2 IV IV IV IV IV SS IV S2",
		[TCP_CLASS_SYN_ACK] = "IV SR IG IG IG IG IG IG IG SR",
		[TCP_CLASS_FIN] = "IV IV FW FW LA LA LA TW CL IV",
		[TCP_CLASS_ACK] = "IV IG SR ES CW CW TW TW CL IG",
		[TCP_CLASS_RST] = "IV CL CL CL CL CL CL CL CL CL",
		[TCP_CLASS_NONE] = "IV IV IV IV IV IV IV IV IV IV",
	},
};

START_TEST(every_cell_is_the_kernels_and_has_a_reason)
{
	static const char *const short_names[] = { "NO", "SS", "SR", "ES", "FW", "CW", "LA", "TW", "CL", "S2", "IV", "IG" };

	for (int direction = 0; direction < 2; direction++)
		for (int class = 0; class < TCP_CLASS_COUNT; class++)
			for (int state = 0; state < TCP_STATE_COUNT; state++) {
				const struct tcp_cell *cell = tcp_states_find((enum direction)direction, (enum tcp_class)class,
									      (enum tcp_state)state);
				const char *expected = expected_cells[direction][class] + 3 * state;

				ck_assert_msg(strncmp(short_names[cell->next], expected, 2) == 0,
					      "direction %d, %s in %s: %s, not %.2s", direction,
					      tcp_states_class_name((enum tcp_class)class),
					      tcp_states_name((enum tcp_state)state), short_names[cell->next], expected);
				ck_assert_ptr_nonnull(cell->reason);
				ck_assert_int_gt((int)strlen(cell->reason), 20);
			}
}
END_TEST

/* How to bring a connection into each state by packets; then one probe of each class and direction. */
static const struct { enum tcp_state state; size_t n_steps; struct step steps[8]; } ways[] = {
	{ TCP_STATE_SYN_SENT, 1, { { 0, '>', "S", 1000, 0, 0, NULL, NULL, 0 } } },
	{ TCP_STATE_SYN_RECV, 2, {
		{ 0, '>', "S", 1000, 0, 0, NULL, NULL, 0 }, { 0, '<', "SA", 5000, 1001, 0, NULL, NULL, 0 } } },
	{ TCP_STATE_ESTABLISHED, 3, { HANDSHAKE } },
	{ TCP_STATE_FIN_WAIT, 4, { HANDSHAKE, { 30, '>', "FA", 1001, 5001, 0, NULL, NULL, 0 } } },
	{ TCP_STATE_CLOSE_WAIT, 5, { HANDSHAKE, { 30, '>', "FA", 1001, 5001, 0, NULL, NULL, 0 },
		{ 30, '<', "A", 5001, 1002, 0, NULL, NULL, 0 } } },
	{ TCP_STATE_LAST_ACK, 5, { HANDSHAKE, { 30, '>', "FA", 1001, 5001, 0, NULL, NULL, 0 },
		{ 30, '<', "FA", 5001, 1002, 0, NULL, NULL, 0 } } },
	{ TCP_STATE_TIME_WAIT, 6, { HANDSHAKE, { 30, '>', "FA", 1001, 5001, 0, NULL, NULL, 0 },
		{ 30, '<', "FA", 5001, 1002, 0, NULL, NULL, 0 }, { 30, '>', "A", 1002, 5002, 0, NULL, NULL, 0 } } },
	{ TCP_STATE_CLOSE, 4, { HANDSHAKE, { 30, '<', "R", 5001, 0, 0, NULL, NULL, 0 } } },
	{ TCP_STATE_SYN_SENT2, 2, {
		{ 0, '>', "S", 1000, 0, 0, NULL, NULL, 0 }, { 0, '<', "S", 5000, 0, 0, NULL, NULL, 0 } } },
};

/* The state after the probe, in the table's abbreviations; INVALID and ignored are told from what was emitted. */
static const char *probe(size_t way, int direction, enum tcp_class class)
{
	static const char *const flags[TCP_CLASS_COUNT] = { "S", "SA", "FA", "A", "R", "" };
	static const char *const short_names[] = { "NO", "SS", "SR", "ES", "FW", "CW", "LA", "TW", "CL", "S2" };
	struct step step = { 0, '>', "", direction ? 5001 : 1001, direction ? 1001 : 5001, 0, NULL, NULL, 0 };
	struct fixture fixture;
	const char *found = "??";

	fixture_begin(&fixture, NULL, 0);
	for (size_t i = 0; i < ways[way].n_steps; i++) {
		const struct step *before = &ways[way].steps[i];

		make_tcp(&fixture, before->side == '<', parse_flags(before->flags), before);
		fixture_send(&fixture, before->at_ms);
	}
	ck_assert_ptr_nonnull(strstr(fixture.result, tcp_states_name(ways[way].state)));
	if (ways[way].state >= TCP_STATE_FIN_WAIT && ways[way].state <= TCP_STATE_TIME_WAIT) {
		step.seq = direction ? 5001 : 1002;
		step.ack = direction ? 1002 : 5001;
	}
	if (class == TCP_CLASS_SYN || class == TCP_CLASS_SYN_ACK)
		step.seq = direction ? 5000 : 1000;
	if (class == TCP_CLASS_SYN || class == TCP_CLASS_RST)
		step.ack = 0;
	make_tcp(&fixture, direction, parse_flags(flags[class]), &step);
	fixture_send(&fixture, 40);
	if (strncmp(fixture.result, "INVALID", 7) == 0)
		found = "IV";
	else if (strstr(fixture.transitions, "let through and remembered") || strstr(fixture.transitions, "remembered."))
		found = "IG";
	else
		for (size_t i = 0; i < sizeof(short_names) / sizeof(short_names[0]); i++) {
			char word[24];

			snprintf(word, sizeof(word), " %s ", tcp_states_name((enum tcp_state)i));
			if (strstr(fixture.result, word))
				found = short_names[i];
		}
	fixture_end(&fixture);
	return found;
}

START_TEST(packets_step_through_the_table)
{
	/* Cells that an exception decides: the reset of the server does not let the client's SYN open anew. */
	static const struct { enum tcp_state state; int direction; enum tcp_class class; const char *expected; } exceptions[] = {
		{ TCP_STATE_CLOSE, 0, TCP_CLASS_SYN, "IG" },
	};
	enum tcp_state state = ways[_i].state;

	for (int direction = 0; direction < 2; direction++)
		for (int class = 0; class < TCP_CLASS_COUNT; class++) {
			const char *expected = expected_cells[direction][class] + 3 * (int)state;
			const char *found = probe((size_t)_i, direction, (enum tcp_class)class);

			for (size_t i = 0; i < sizeof(exceptions) / sizeof(exceptions[0]); i++)
				if (exceptions[i].state == state && exceptions[i].direction == direction &&
				    (int)exceptions[i].class == class)
					expected = exceptions[i].expected;
			ck_assert_msg(strncmp(found, expected, 2) == 0, "%s: %s %s gives %s, not %.2s",
				      tcp_states_name(state), direction ? "reply" : "original",
				      tcp_states_class_name((enum tcp_class)class), found, expected);
		}
}
END_TEST

/* What the header says wrongly, and the words for it. */
static const struct { const char *name; uint32_t len; uint8_t offset; bool is_bad; const char *reason; } headers[] = {
	{ "19 bytes", 19, 5, false, "the TCP header is not whole" },
	{ "data offset 4", 20, 4, false, "truncated packet" },
	{ "data offset beyond the packet", 20, 6, false, "truncated packet" },
	{ "checksum", 20, 5, true, "bad checksum" },
	{ "nothing wrong", 20, 5, false, NULL },
};

START_TEST(a_wrong_header_is_invalid)
{
	uint8_t l4[20] = { 3, 232, 0, 80, 0, 0, 0, 1, 0, 0, 0, 0, 0, TCP_SYN, 32, 0 };
	struct fixture fixture;

	fixture_begin(&fixture, NULL, 0);
	l4[12] = (uint8_t)(headers[_i].offset << 4);
	if (headers[_i].is_bad)
		l4[16] = 1;
	fixture_make(&fixture, FAMILY_IPV4, CLIENT, SERVER, PROTOCOL_TCP, l4, headers[_i].len);
	fixture_send(&fixture, 0);
	if (headers[_i].reason) {
		ck_assert_str_eq(fixture.result, "INVALID -");
		ck_assert_msg(strstr(fixture.transitions, headers[_i].reason) != NULL, "%s: %s", headers[_i].name,
			      fixture.transitions);
	} else {
		ck_assert_str_eq(fixture.result, "NEW SYN_SENT 120 1/0 U");
	}
	/* A host's own packets are not judged: their checksums may not be finished. */
	if (headers[_i].is_bad) {
		fixture.hook = HOOK_OUTPUT;
		ck_assert_str_eq(fixture_send(&fixture, 0), "NEW SYN_SENT 120 1/0 U");
	}
	fixture_end(&fixture);
}
END_TEST

START_TEST(reject_with_reset_closes)
{
	static const struct step data = { 0, '>', "A", 1001, 5001, 10, NULL, NULL, 0 };
	static const struct step answer = { 0, '<', "A", 5001, 1001, 0, NULL, NULL, 0 };
	const struct step handshake[] = { HANDSHAKE };
	struct tracking tracking = { 0 };
	struct fixture fixture;

	fixture_begin(&fixture, NULL, 0);
	for (size_t i = 0; i < 3; i++) {
		make_tcp(&fixture, handshake[i].side == '<', parse_flags(handshake[i].flags), &handshake[i]);
		fixture_send(&fixture, 0);
	}
	make_tcp(&fixture, false, TCP_ACK, &data);
	conntrack_track(fixture.conntrack, &fixture.packet, HOOK_PREROUTING, (struct vtime){ 0 }, &tracking);
	conntrack_close_tcp(fixture.conntrack, tracking.connection, (struct vtime){ 0 });
	conntrack_release(fixture.conntrack, &tracking);
	make_tcp(&fixture, true, TCP_ACK, &answer);
	ck_assert_str_eq(fixture_send(&fixture, 5000), "ESTABLISHED CLOSE 10 3/2 A");
	ck_assert_str_eq(fixture.events, "UPDATE CLOSE 10 A");
	fixture_end(&fixture);
}
END_TEST

/* Scaling needs both sides; SACK blocks count as acknowledgments. */
START_TEST(options_are_read)
{
	static const uint8_t scaled[8] = { 1, 3, 3, 7, 1, 1, 4, 2 };
	uint8_t l4[64] = { 3, 232, 0, 80, 0, 0, 3, 232 };
	struct fixture fixture;
	struct connection *connection;
	enum direction direction;
	struct tuple tuple = { .source = address_from_ipv4(0x0a000002), .destination = address_from_ipv4(0x0a000001),
		.source_port = CLIENT_PORT, .destination_port = SERVER_PORT, .protocol = PROTOCOL_TCP, .family = FAMILY_IPV4 };

	fixture_begin(&fixture, NULL, 0);
	l4[12] = 7 << 4;
	l4[13] = TCP_SYN;
	l4[14] = 0x20;
	memcpy(l4 + 20, scaled, sizeof(scaled));
	fixture_make(&fixture, FAMILY_IPV4, CLIENT, SERVER, PROTOCOL_TCP, l4, 28);
	fixture_send(&fixture, 0);
	connection = conntrack_find(fixture.conntrack, &tuple, &direction);
	ck_assert_ptr_nonnull(connection);
	ck_assert_uint_eq(connection->memory.tcp.side[0].scale, 7);
	make_tcp(&fixture, true, TCP_SYN | TCP_ACK, &(struct step){ .seq = 5000, .ack = 1001 });
	fixture_send(&fixture, 0);
	ck_assert_uint_eq(connection->memory.tcp.side[0].scale, 0);
	fixture_end(&fixture);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("conntrack/tracker/tcp");
	TCase *cases = tcase_create("tcp");
	SRunner *runner = srunner_create(suite);
	int n_failed;

	tcase_add_loop_test(cases, a_conversation_goes_as_in_linux, 0, sizeof(conversations) / sizeof(conversations[0]));
	tcase_add_test(cases, only_nine_sets_of_flags_are_valid);
	tcase_add_test(cases, every_cell_is_the_kernels_and_has_a_reason);
	tcase_add_loop_test(cases, packets_step_through_the_table, 0, sizeof(ways) / sizeof(ways[0]));
	tcase_add_loop_test(cases, a_wrong_header_is_invalid, 0, sizeof(headers) / sizeof(headers[0]));
	tcase_add_test(cases, reject_with_reset_closes);
	tcase_add_test(cases, options_are_read);
	suite_add_tcase(suite, cases);
	srunner_run_all(runner, CK_ENV);
	n_failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return n_failed != 0;
}
