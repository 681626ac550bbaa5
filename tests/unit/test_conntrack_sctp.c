/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SCTP: associations, verification tags, heartbeats, and what makes a packet invalid. */
#include "conntrack_fixture.h"
#include "conntrack/tracker/sctp_states.h"

enum { CLIENT = 2, SERVER = 1, MOST_STEPS = 12, LONGEST = 512 };

static const struct { const char *name; uint8_t type, body_len; } kinds[] = {
	{ "DATA", 0, 16 }, { "INIT", 1, 16 }, { "INIT-ACK", 2, 16 }, { "SACK", 3, 12 }, { "HB", 4, 4 }, { "HB-ACK", 5, 4 },
	{ "ABORT", 6, 0 }, { "SHUTDOWN", 7, 4 }, { "SHUTDOWN-ACK", 8, 0 }, { "ERROR", 9, 0 }, { "ECHO", 10, 4 },
	{ "COOKIE-ACK", 11, 0 }, { "COMPLETE", 14, 0 }, { "SHORT-INIT", 1, 4 }, { "EMPTY", 255, 0 },
};

/*
 * One chunk of "INIT=5", "ABORT/T": its name, the initiate tag, the T bit. Returns how many bytes were put. EMPTY is a
 * chunk of length 0.
 */
static uint32_t put_chunk(const char *word, size_t word_len, uint8_t *at)
{
	size_t name_len = strcspn(word, "=/ ");

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		if (strlen(kinds[i].name) != name_len || strncmp(kinds[i].name, word, name_len) != 0)
			continue;
		memset(at, 0, 4u + kinds[i].body_len);
		at[0] = kinds[i].type;
		at[3] = kinds[i].type == 255 ? 0 : (uint8_t)(4 + kinds[i].body_len);
		if (name_len < word_len && word[name_len] == '/')
			at[1] = 1;
		if (name_len < word_len && word[name_len] == '=')
			fixture_put32(at + 4, (uint32_t)atoi(word + name_len + 1));
		return 4u + kinds[i].body_len;
	}
	ck_abort_msg("no such chunk: %s", word);
	return 0;
}

static void make(struct fixture *fixture, enum family family, char side, uint32_t tag, const char *chunks)
{
	uint8_t l4[LONGEST] = { 0 };
	uint32_t len = 12;
	bool is_reply = side == '<';

	fixture_put16(l4, is_reply ? 2905 : 1000);
	fixture_put16(l4 + 2, is_reply ? 1000 : 2905);
	fixture_put32(l4 + 4, tag);
	while (*chunks) {
		size_t word_len = strcspn(chunks, " ");

		len += put_chunk(chunks, word_len, l4 + len);
		chunks += word_len + strspn(chunks + word_len, " ");
	}
	fixture_put32(l4 + 8, checksum_crc32c(l4, len, 8));
	fixture_make(fixture, family, is_reply ? SERVER : CLIENT, is_reply ? CLIENT : SERVER, PROTOCOL_SCTP, l4, len);
}

struct step { int64_t at_ms; char side; uint32_t tag; const char *chunks, *result, *events; };

static const struct { const char *name; struct step steps[MOST_STEPS]; } conversations[] = {
	{ "from INIT to the end", {
		{ 0, '>', 0, "INIT=5", "NEW CLOSED 10 1/0 U", "NEW CLOSED 10 U" },
		{ 100, '<', 5, "INIT-ACK=7", "ESTABLISHED COOKIE_WAIT 3 1/1", "UPDATE COOKIE_WAIT 3" },
		{ 200, '>', 7, "ECHO", "ESTABLISHED COOKIE_ECHOED 3 2/1", "UPDATE COOKIE_ECHOED 3" },
		{ 300, '<', 5, "COOKIE-ACK", "ESTABLISHED ESTABLISHED 210 2/2 A", "UPDATE ESTABLISHED 210 A" },
		{ 400, '>', 7, "DATA", "ESTABLISHED ESTABLISHED 210 3/2 A", "" },
		{ 500, '<', 5, "SACK DATA", "ESTABLISHED ESTABLISHED 210 3/3 A", "" },
		{ 600, '>', 7, "SHUTDOWN", "ESTABLISHED SHUTDOWN_SENT 3 4/3 A", "UPDATE SHUTDOWN_SENT 3 A" },
		{ 700, '<', 5, "SHUTDOWN-ACK", "ESTABLISHED SHUTDOWN_ACK_SENT 3 4/4 A", "UPDATE SHUTDOWN_ACK_SENT 3 A" },
		{ 800, '>', 7, "COMPLETE", "ESTABLISHED CLOSED 10 5/4 A", "UPDATE CLOSED 10 A" },
	} },
	{ "the other side ends it", {
		{ 0, '>', 0, "INIT=5", "NEW CLOSED 10 1/0 U", NULL },
		{ 0, '<', 5, "INIT-ACK=7", "ESTABLISHED COOKIE_WAIT 3 1/1", NULL },
		{ 0, '>', 7, "ECHO DATA", "ESTABLISHED COOKIE_ECHOED 3 2/1", NULL },
		{ 0, '<', 5, "COOKIE-ACK SACK", "ESTABLISHED ESTABLISHED 210 2/2 A", NULL },
		{ 0, '<', 5, "SHUTDOWN", "ESTABLISHED SHUTDOWN_RECD 3 2/3 A", NULL },
		{ 0, '>', 7, "SHUTDOWN-ACK", "ESTABLISHED SHUTDOWN_ACK_SENT 3 3/3 A", NULL },
		{ 0, '<', 7, "COMPLETE/T", "ESTABLISHED CLOSED 10 3/4 A", NULL },
	} },
	{ "nobody answers: repeated INITs do not keep the entry", {
		{ 0, '>', 0, "INIT=5", "NEW CLOSED 10 1/0 U", "NEW CLOSED 10 U" },
		{ 3000, '>', 0, "INIT=5", "NEW CLOSED 7 1/0 U", "" },
		{ 9000, '>', 0, "INIT=5", "NEW CLOSED 1 1/0 U", "" },
		{ 10000, '>', 0, "INIT=5", "NEW CLOSED 10 1/0 U", "DESTROY CLOSED U; NEW CLOSED 10 U" },
	} },
	{ "a wrong tag is invalid", {
		{ 0, '>', 0, "INIT=5", "NEW CLOSED 10 1/0 U", NULL },
		{ 0, '<', 6, "INIT-ACK=7", "INVALID -", NULL },
		{ 0, '<', 5, "INIT-ACK=7", "ESTABLISHED COOKIE_WAIT 3 1/1", NULL },
		{ 0, '>', 5, "ECHO", "INVALID -", NULL },
		{ 0, '>', 7, "ECHO", "ESTABLISHED COOKIE_ECHOED 3 2/1", NULL },
		{ 0, '>', 0, "DATA", "INVALID -", NULL },
		{ 0, '>', 1, "ABORT", "INVALID -", NULL },
		{ 0, '>', 7, "ABORT/T", "INVALID -", NULL },
		{ 0, '>', 5, "ABORT/T", "ESTABLISHED CLOSED 10 3/1", NULL },
	} },
	{ "an INIT with a tag is invalid", { { 0, '>', 5, "INIT=5", "INVALID -", "" } } },
	{ "what cannot be first", {
		{ 0, '>', 5, "DATA", "INVALID -", "" },
		{ 0, '>', 5, "SACK", "INVALID -", "" },
		{ 0, '>', 5, "ABORT", "INVALID -", "" },
		{ 0, '>', 5, "COMPLETE", "INVALID -", "" },
		{ 0, '>', 5, "COOKIE-ACK", "INVALID -", "" },
		{ 0, '>', 5, "ECHO", "INVALID -", "" },
		{ 0, '>', 0, "SHORT-INIT=5", "INVALID -", "" },
		{ 0, '>', 5, "SHUTDOWN-ACK", "NEW SHUTDOWN_ACK_SENT 3 1/0 U", "NEW SHUTDOWN_ACK_SENT 3 U" },
	} },
	{ "a heartbeat on another path", {
		{ 0, '>', 7, "HB", "NEW HEARTBEAT_SENT 30 1/0 U", "NEW HEARTBEAT_SENT 30 U" },
		{ 1000, '<', 5, "SACK", "INVALID -", "" },
		{ 2000, '<', 5, "HB-ACK", "ESTABLISHED ESTABLISHED 210 1/1 A", "UPDATE ESTABLISHED 210 A" },
		{ 3000, '>', 7, "DATA", "ESTABLISHED ESTABLISHED 210 2/1 A", "" },
	} },
	{ "a heartbeat with a new tag waits for its answer", {
		{ 0, '>', 7, "HB", "NEW HEARTBEAT_SENT 30 1/0 U", NULL },
		{ 0, '<', 5, "HB-ACK", "ESTABLISHED ESTABLISHED 210 1/1 A", NULL },
		{ 10000, '>', 9, "HB", "ESTABLISHED ESTABLISHED 200 1/1 A", "" },
		{ 20000, '<', 6, "HB-ACK", "ESTABLISHED ESTABLISHED 210 1/2 A", "" },
		{ 20000, '>', 9, "HB", "ESTABLISHED ESTABLISHED 210 2/2 A", "" },
	} },
	{ "a packet that fails later has done its first steps", {
		{ 0, '>', 0, "INIT=5", "NEW CLOSED 10 1/0 U", NULL },
		{ 0, '<', 5, "INIT-ACK=7", "ESTABLISHED COOKIE_WAIT 3 1/1", NULL },
		{ 0, '>', 7, "ECHO", "ESTABLISHED COOKIE_ECHOED 3 2/1", NULL },
		{ 0, '<', 5, "COOKIE-ACK ABORT/T", "INVALID -", "" },
		{ 0, '>', 7, "DATA", "ESTABLISHED ESTABLISHED 210 3/1 A", "UPDATE ESTABLISHED 210 A" },
	} },
	{ "chunks that must stand alone, or first", {
		{ 0, '>', 0, "INIT=5 DATA", "INVALID -", "" },
		{ 0, '>', 0, "DATA INIT=5", "INVALID -", "" },
		{ 0, '>', 0, "SACK ECHO", "INVALID -", "" },
		{ 0, '>', 7, "HB EMPTY", "INVALID -", "" },
		{ 0, '>', 7, "", "INVALID -", "" },
	} },
};

static void hold_conversation(int row, enum family family)
{
	struct fixture fixture;

	fixture_begin(&fixture, NULL, 0);
	for (size_t i = 0; i < MOST_STEPS && conversations[row].steps[i].side; i++) {
		const struct step *step = &conversations[row].steps[i];

		make(&fixture, family, step->side, step->tag, step->chunks);
		fixture_send(&fixture, step->at_ms);
		ck_assert_msg(strcmp(fixture.result, step->result) == 0, "%s, packet %zu: \"%s\", not \"%s\"",
			      conversations[row].name, i + 1, fixture.result, step->result);
		ck_assert_msg(!step->events || strcmp(fixture.events, step->events) == 0,
			      "%s, packet %zu: events \"%s\", not \"%s\"", conversations[row].name, i + 1,
			      fixture.events, step->events);
	}
	fixture_end(&fixture);
}

START_TEST(an_association_goes_as_in_linux)
{
	hold_conversation(_i, FAMILY_IPV4);
	hold_conversation(_i, FAMILY_IPV6);
}
END_TEST

START_TEST(timeouts_are_sysctls)
{
	struct fixture fixture;

	fixture_begin(&fixture, "net.netfilter.nf_conntrack_sctp_timeout_cookie_wait", 77);
	make(&fixture, FAMILY_IPV4, '>', 0, "INIT=5");
	fixture_send(&fixture, 0);
	make(&fixture, FAMILY_IPV4, '<', 5, "INIT-ACK=7");
	ck_assert_str_eq(fixture_send(&fixture, 0), "ESTABLISHED COOKIE_WAIT 77 1/1");
	ck_assert_str_eq(fixture.transitions,
			 "CLOSED > COOKIE_WAIT (reply init-ack in CLOSED): The answer to the INIT, with a cookie.");
	fixture_end(&fixture);
}
END_TEST

START_TEST(a_bad_checksum_is_invalid_on_the_way_in)
{
	struct fixture fixture;

	fixture_begin(&fixture, NULL, 0);
	make(&fixture, FAMILY_IPV4, '>', 0, "INIT=5");
	fixture.bytes[FIXTURE_IPV4_LEN + 8] ^= 1;
	ck_assert_str_eq(fixture_send(&fixture, 0), "INVALID -");
	ck_assert_str_eq(fixture.transitions, "- > - (-): nf_ct_sctp: bad CRC");
	fixture.hook = HOOK_OUTPUT;
	ck_assert_str_eq(fixture_send(&fixture, 0), "NEW CLOSED 10 1/0 U");
	fixture_end(&fixture);
}
END_TEST

/* Every prefix of a packet, as a snap length leaves it and as a broken host sends it, gives an answer. */
START_TEST(short_packets_are_judged)
{
	struct fixture fixture;

	fixture_begin(&fixture, "net.netfilter.nf_conntrack_checksum", 0);
	for (uint32_t len = 0; len <= 32; len++) {
		make(&fixture, FAMILY_IPV4, '>', 0, "INIT=5");
		decode_ip(&fixture.packet, fixture.bytes, FIXTURE_IPV4_LEN + len, FIXTURE_IPV4_LEN + 32);
		fixture_send(&fixture, 0);
		/* The tag of the INIT is all that must be there: 12 bytes of header, 4 of the chunk, 4 of the tag. */
		ck_assert_msg((strncmp(fixture.result, "NEW", 3) == 0) == (len >= 20), "cut to %u: %s", len, fixture.result);
	}
	fixture_end(&fixture);
}
END_TEST

/* The table itself: no cell without a sentence, and nothing is invalid in the original direction. */
START_TEST(every_cell_has_a_reason)
{
	for (int direction = 0; direction < 2; direction++)
		for (int chunk = 0; chunk < SCTP_CHUNK_COUNT; chunk++)
			for (int state = 0; state < SCTP_STATE_COUNT; state++) {
				const struct sctp_cell *cell = sctp_states_find((enum direction)direction,
										(enum sctp_chunk)chunk,
										(enum sctp_state)state);

				ck_assert_ptr_nonnull(cell->reason);
				ck_assert(direction == DIRECTION_REPLY || cell->next != SCTP_NEXT_INVALID);
				ck_assert(cell->next != SCTP_STATE_NONE);
			}
	ck_assert_int_eq(sctp_states_classify(0), SCTP_CHUNK_OTHER);
	ck_assert_int_eq(sctp_states_classify(14), SCTP_CHUNK_SHUTDOWN_COMPLETE);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("conntrack/sctp");
	TCase *tcase = tcase_create("sctp");
	SRunner *runner;
	int n_failed;

	tcase_add_loop_test(tcase, an_association_goes_as_in_linux, 0,
			    (int)(sizeof(conversations) / sizeof(conversations[0])));
	tcase_add_test(tcase, timeouts_are_sysctls);
	tcase_add_test(tcase, a_bad_checksum_is_invalid_on_the_way_in);
	tcase_add_test(tcase, short_packets_are_judged);
	tcase_add_test(tcase, every_cell_has_a_reason);
	suite_add_tcase(suite, tcase);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	n_failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return n_failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
