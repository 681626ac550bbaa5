/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One packet through one table: verdicts, who decided, counters, and what is not simulated. */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "packet/decode.h"
#include "rules/eval.h"

#define N_ROWS(table) ((int)(sizeof(table) / sizeof((table)[0])))

struct fixture {
	struct source source;
	struct diagnostics diagnostics;
	struct ruleset *ruleset;
	struct evaluation *evaluation;
	struct eval_trace trace;
	struct packet packet;
	uint8_t bytes[64];
	struct subject subject;
	struct tracking tracking;
	struct eval_result result;
	char words[256];		/* what fixture_eval() says */
};

static void begin(struct fixture *fixture, const char *rules)
{
	struct ruleset_input input = { .source = &fixture->source };
	struct text errors;

	memset(fixture, 0, sizeof(*fixture));
	source_init(&fixture->source, "test.rules", rules, strlen(rules));
	diag_init(&fixture->diagnostics);
	text_init(&errors);
	fixture->ruleset = ruleset_load(&input, 1, NULL, &fixture->diagnostics);
	diag_print(&fixture->diagnostics, &errors);
	ck_assert_msg(fixture->ruleset != NULL, "%s", text_string(&errors));
	text_clear(&errors);
	fixture->evaluation = evaluation_create(fixture->ruleset, VTIME_DEFAULT_HZ, 1, false);
	eval_trace_init(&fixture->trace);
	packet_init(&fixture->packet);
	fixture->subject = (struct subject){ .packet = &fixture->packet, .tracking = &fixture->tracking, .hook = HOOK_FORWARD,
		.in = "eth0", .out = "ppp1", .hz = VTIME_DEFAULT_HZ };
}

static void end(struct fixture *fixture)
{
	eval_trace_clear(&fixture->trace);
	evaluation_destroy(fixture->evaluation);
	ruleset_destroy(fixture->ruleset);
	packet_clear(&fixture->packet);
	diag_clear(&fixture->diagnostics);
	source_clear(&fixture->source);
}

/* UDP 10.0.0.2:1000 > 192.168.1.1:dport, 29 bytes long; `cut` bytes are missing at its end. */
static void make_udp(struct fixture *fixture, uint16_t dport, uint32_t cut)
{
	static const uint8_t head[28] = { 0x45, 0, 0, 29, 0, 1, 0, 0, 64, 17, 0, 0, 10, 0, 0, 2, 192, 168, 1, 1, 3, 232, 0, 0, 0, 9 };

	memcpy(fixture->bytes, head, sizeof(head));
	fixture->bytes[3] = (uint8_t)(29 - cut);
	fixture->bytes[22] = (uint8_t)(dport >> 8);
	fixture->bytes[23] = (uint8_t)dport;
	decode_ip(&fixture->packet, fixture->bytes, 29 - cut, 29 - cut);
}

/* "ACCEPT FORWARD:2 matched FORWARD:1 U2:1": the verdict, who decided, which rules counted. */
static const char *eval(struct fixture *fixture)
{
	static const char *const verdicts[] = { "ACCEPT", "DROP", "QUEUE" };
	const struct rule_place *by;
	size_t len;

	eval_trace_reset(&fixture->trace);
	eval_table(fixture->evaluation, TABLE_FILTER, &fixture->subject, &fixture->trace, &fixture->result);
	by = fixture->result.decided_by;
	len = (size_t)snprintf(fixture->words, sizeof(fixture->words), "%s %s:%u", verdicts[fixture->result.verdict],
			       by ? by->chain : "nobody", by ? by->number : 0);
	for (size_t i = 0; i < fixture->trace.n_matched; i++)
		len += (size_t)snprintf(fixture->words + len, sizeof(fixture->words) - len, " %s:%u",
					fixture->trace.matched[i]->chain, fixture->trace.matched[i]->number);
	if (fixture->trace.unsimulated)
		snprintf(fixture->words + len, sizeof(fixture->words) - len, " ? %s:%u", fixture->trace.unsimulated->chain,
			 fixture->trace.unsimulated->number);
	return fixture->words;
}

/* Linux 6.18, seen live: goto does not remember where it came from. */
static const char jumps[] =
	"*filter\n:FORWARD DROP [0:0]\n:U1 - [0:0]\n:U2 - [0:0]\n:U3 - [0:0]\n"
	"-A FORWARD -p udp --dport 1 -g U1\n-A FORWARD -p udp --dport 2 -j U1\n-A FORWARD -p udp --dport 3 -j RETURN\n"
	"-A FORWARD -p udp --dport 4 -j U3\n-A FORWARD -p udp --dport 2 -j ACCEPT\n-A FORWARD -p udp --dport 4 -j ACCEPT\n"
	"-A FORWARD -p udp --dport 1 -j ACCEPT\n-A U1 -j U2\n-A U1\n-A U2 -j RETURN\n-A U3 -g U2\nCOMMIT\n";

static const struct {
	uint16_t dport;
	const char *result;
} jump_results[] = {
	{ 1, "DROP FORWARD:0 FORWARD:1 U1:1 U2:1 U1:2" },
	{ 2, "ACCEPT FORWARD:5 FORWARD:2 U1:1 U2:1 U1:2 FORWARD:5" },
	{ 3, "DROP FORWARD:0 FORWARD:3" },
	{ 4, "ACCEPT FORWARD:6 FORWARD:4 U3:1 U2:1 FORWARD:6" },
	{ 5, "DROP FORWARD:0" },
};

START_TEST(jumps_gotos_and_returns)
{
	struct fixture fixture;

	begin(&fixture, jumps);
	make_udp(&fixture, jump_results[_i].dport, 0);
	ck_assert_str_eq(eval(&fixture), jump_results[_i].result);
	end(&fixture);
}
END_TEST

/* One rule "-A FORWARD ..." that accepts; policy DROP. Does it match UDP 10.0.0.2:1000 > 192.168.1.1:53, in eth0, out ppp1? */
static const struct {
	const char *tests;
	bool matches;
} generic[] = {
	{ "-s 10.0.0.2", true }, { "-s 10.0.0.3", false }, { "! -s 10.0.0.2", false }, { "! -s 10.0.0.3", true },
	{ "-s 10.0.0.0/24 -d 192.168.0.0/16", true }, { "-s 0.0.0.2/0.0.0.255", true }, { "-s 0.0.0.3/0.0.0.255", false },
	{ "-d 192.168.1.1/31", true }, { "! -d 0/0", false }, { "-d 0/0", true }, { "! -d 192.168.1.0/24", false },
	{ "-i eth0", true }, { "-i eth", false }, { "-i eth+", true }, { "-i eth00", false }, { "! -i eth0", false },
	{ "-i +", true }, { "! -i +", false }, { "-o ppp+", true }, { "! -o ppp0", true }, { "-i eth0 -o eth0", false },
	{ "-p udp", true }, { "-p tcp", false }, { "! -p tcp", true }, { "! -p udp", false }, { "-p all", true }, { "-p 17", true },
	{ "-f", false }, { "! -f", true },
};

START_TEST(generic_tests_and_their_inversion)
{
	struct fixture fixture;
	char rules[200];

	snprintf(rules, sizeof(rules), "*filter\n:FORWARD DROP [0:0]\n-A FORWARD %s -j ACCEPT\nCOMMIT\n", generic[_i].tests);
	begin(&fixture, rules);
	make_udp(&fixture, 53, 0);
	eval(&fixture);
	ck_assert_msg((fixture.result.verdict == EVAL_ACCEPT) == generic[_i].matches, "%s: %s", generic[_i].tests, fixture.words);
	end(&fixture);
}
END_TEST

START_TEST(an_absent_interface_has_an_empty_name)
{
	struct fixture fixture;

	begin(&fixture, "*filter\n:INPUT DROP [0:0]\n:U - [0:0]\n-A INPUT -j U\n-A U -o eth0 -j DROP\n-A U ! -o eth0 -j ACCEPT\nCOMMIT\n");
	make_udp(&fixture, 53, 0);
	fixture.subject.hook = HOOK_INPUT;
	fixture.subject.out = "";
	ck_assert_str_eq(eval(&fixture), "ACCEPT U:2 INPUT:1 U:2");
	end(&fixture);
}
END_TEST

START_TEST(a_later_fragment_is_one)
{
	struct fixture fixture;

	begin(&fixture, "*filter\n-A FORWARD ! -f -j ACCEPT\n-A FORWARD -f -j DROP\nCOMMIT\n");
	make_udp(&fixture, 53, 0);
	fixture.bytes[7] = 1;
	decode_ip(&fixture.packet, fixture.bytes, 29, 29);
	ck_assert_str_eq(eval(&fixture), "DROP FORWARD:2 FORWARD:2");
	end(&fixture);
}
END_TEST

static const struct {
	const char *name, *rules;
	uint32_t cut;
	const char *result;
	bool is_default;
} verdicts[] = {
	{ "a policy that the file sets", "*filter\n:FORWARD ACCEPT [0:0]\nCOMMIT\n", 0, "ACCEPT FORWARD:0", false },
	{ "a policy that nobody set", "*filter\n:INPUT DROP [0:0]\nCOMMIT\n", 0, "ACCEPT FORWARD:0", true },
	{ "no target", "*filter\n-A FORWARD\n-A FORWARD -j DROP\nCOMMIT\n", 0, "DROP FORWARD:2 FORWARD:1 FORWARD:2", false },
	{ "QUEUE", "*filter\n-A FORWARD -j QUEUE\nCOMMIT\n", 0, "QUEUE FORWARD:1 FORWARD:1", false },
	{ "an empty chain", "*filter\n:U - [0:0]\n-A FORWARD -j U\n-A FORWARD -j DROP\nCOMMIT\n", 0, "DROP FORWARD:2 FORWARD:1 FORWARD:2", false },
	{ "a header that is not whole", "*filter\n-A FORWARD -p udp -m udp --dport 53 -j ACCEPT\nCOMMIT\n", 6, "DROP nobody:0", false },
	{ "an unknown match cannot decide", "*filter\n-A FORWARD -m geoip --src-cc DE -j DROP\n-A FORWARD -j ACCEPT\nCOMMIT\n", 0,
	  "ACCEPT FORWARD:2 FORWARD:2 ? FORWARD:1", false },
	{ "an unknown match beside one that fails", "*filter\n-A FORWARD -p tcp -m geoip --src-cc DE -j DROP\nCOMMIT\n", 0, "ACCEPT FORWARD:0", true },
	{ "a known match that fails beside an unknown one", "*filter\n-A FORWARD -p udp -m geoip --src-cc DE -m udp --dport 1 -j DROP\nCOMMIT\n", 0,
	  "ACCEPT FORWARD:0", true },
	{ "an unknown match without a target", "*filter\n-A FORWARD -m geoip --src-cc DE\nCOMMIT\n", 0, "ACCEPT FORWARD:0", true },
	{ "a target whose effect is only recorded counts", "*filter\n-A FORWARD -p udp -j LED --led-trigger-id x\nCOMMIT\n", 0,
	  "ACCEPT FORWARD:0 FORWARD:1", true },
	{ "one that would decide", "*filter\n-A FORWARD -p tcp -j SET --add-set x src\n-A FORWARD -j SET --add-set x src\nCOMMIT\n", 0,
	  "ACCEPT FORWARD:0 FORWARD:2 ? FORWARD:2", true },
	{ "the first of several", "*filter\n-A FORWARD -m geoip --x -j DROP\n-A FORWARD -m ipp2p --y -j DROP\nCOMMIT\n", 0,
	  "ACCEPT FORWARD:0 ? FORWARD:1", true },
};

START_TEST(verdicts_and_who_decided)
{
	struct fixture fixture;

	begin(&fixture, verdicts[_i].rules);
	make_udp(&fixture, 53, verdicts[_i].cut);
	ck_assert_msg(strcmp(eval(&fixture), verdicts[_i].result) == 0, "%s: %s", verdicts[_i].name, fixture.words);
	ck_assert_msg(fixture.result.is_default == verdicts[_i].is_default, "%s", verdicts[_i].name);
	ck_assert_int_eq(fixture.result.hotdrop != NULL, verdicts[_i].cut != 0);
	end(&fixture);
}
END_TEST

static void keep_counters(void *owner, const struct event *event)
{
	struct text *out = owner;

	if (event->kind == EVENT_CHAIN && event->chain.n_packets)
		text_printf(out, "%s %d:%d; ", event->chain.chain, (int)event->chain.n_packets, (int)event->chain.n_bytes);
	else if (event->kind == EVENT_COUNTER)
		text_printf(out, "%s:%u %d:%d; ", event->counter.rule->chain, event->counter.rule->number,
			    (int)event->counter.n_packets, (int)event->counter.n_bytes);
}

START_TEST(counters_go_on_from_the_file)
{
	struct fixture fixture;
	struct stream stream;
	struct text out;

	begin(&fixture, "*filter\n:FORWARD DROP [5:100]\n[2:40] -A FORWARD -p udp\n-A FORWARD -p tcp\nCOMMIT\n");
	make_udp(&fixture, 53, 0);
	eval(&fixture);
	eval(&fixture);
	stream_init(&stream);
	text_init(&out);
	ck_assert(stream_add(&stream, EVENT_BIT(EVENT_CHAIN) | EVENT_BIT(EVENT_COUNTER), keep_counters, &out));
	evaluation_emit_counters(fixture.evaluation, &stream);
	ck_assert_str_eq(text_string(&out), "FORWARD 7:158; FORWARD:1 4:98; FORWARD:2 0:0; ");
	text_clear(&out);
	end(&fixture);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("rules/eval");
	TCase *tcase = tcase_create("eval");
	SRunner *runner = srunner_create(suite);
	int n_failed;

	suite_add_tcase(suite, tcase);
	tcase_add_loop_test(tcase, jumps_gotos_and_returns, 0, N_ROWS(jump_results));
	tcase_add_loop_test(tcase, generic_tests_and_their_inversion, 0, N_ROWS(generic));
	tcase_add_test(tcase, an_absent_interface_has_an_empty_name);
	tcase_add_test(tcase, a_later_fragment_is_one);
	tcase_add_loop_test(tcase, verdicts_and_who_decided, 0, N_ROWS(verdicts));
	tcase_add_test(tcase, counters_go_on_from_the_file);
	srunner_run_all(runner, CK_NORMAL);
	n_failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return n_failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
