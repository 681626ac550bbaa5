/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is told of rules that do not match: in words, as often as they were tried, and never with an influence on the verdict. */
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
	struct stream stream;
	struct text told;		/* a word for each event */
};

static void listen(void *owner, const struct event *event)
{
	static const char *const steps[] = {
		[STEP_TABLE] = "table", [STEP_JUMP] = "jump", [STEP_GOTO] = "goto", [STEP_RETURN] = "return",
		[STEP_END] = "end", [STEP_DECIDED] = "decided",
	};
	static const char *const probes[] = { [PROBE_HOLDS] = "holds", [PROBE_FAILS] = "fails", [PROBE_DEPENDS] = "depends" };
	static const char *const misses[] = {
		[MISS_FAILED] = "miss", [MISS_MALFORMED] = "malformed", [MISS_UNSIMULATED] = "unsimulated",
	};
	struct text *told = owner;

	if (told->len)
		text_append(told, "; ");
	if (event->kind == EVENT_MISS)
		text_printf(told, "%s %u: %s (%u)", misses[event->miss.kind], event->miss.rule->number, event->miss.words,
			    event->miss.n_failed);
	else if (event->kind == EVENT_STEP)
		text_printf(told, "%s %s", steps[event->step.step], event->step.rule ? event->step.rule->chain : "-");
	else if (event->kind == EVENT_PROBE)
		text_printf(told, "%s %u: %s", probes[event->probe.result], event->probe.rule->number, event->probe.words);
}

static void begin(struct fixture *fixture, const char *rules, uint32_t kinds)
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
	text_init(&fixture->told);
	stream_init(&fixture->stream);
	if (kinds)
		stream_add(&fixture->stream, kinds, listen, &fixture->told);
	fixture->subject = (struct subject){ .packet = &fixture->packet, .tracking = &fixture->tracking, .hook = HOOK_FORWARD,
		.in = "eth0", .out = "ppp1", .hz = VTIME_DEFAULT_HZ, .stream = &fixture->stream };
	fixture->tracking.ctstate = CTSTATE_NEW;
}

static void end(struct fixture *fixture)
{
	eval_trace_clear(&fixture->trace);
	evaluation_destroy(fixture->evaluation);
	ruleset_destroy(fixture->ruleset);
	packet_clear(&fixture->packet);
	diag_clear(&fixture->diagnostics);
	source_clear(&fixture->source);
	text_clear(&fixture->told);
}

/* UDP 10.0.0.2:1000 > 192.168.1.1:dport through FORWARD. */
static const char *eval(struct fixture *fixture, uint16_t dport)
{
	static const uint8_t head[28] = { 0x45, 0, 0, 29, 0, 1, 0, 0, 64, 17, 0, 0, 10, 0, 0, 2, 192, 168, 1, 1, 3, 232, 0, 0, 0, 9 };

	memcpy(fixture->bytes, head, sizeof(head));
	fixture->bytes[22] = (uint8_t)(dport >> 8);
	fixture->bytes[23] = (uint8_t)dport;
	decode_ip(&fixture->packet, fixture->bytes, 29, 29);
	text_reset(&fixture->told);
	eval_trace_reset(&fixture->trace);
	eval_table(fixture->evaluation, TABLE_FILTER, &fixture->subject, &fixture->trace, &fixture->result);
	return text_string(&fixture->told);
}

/* Of one rule "-A FORWARD ... -j ACCEPT": the first condition that fails, and how many do. NULL: it matches. */
static const struct {
	const char *tests;
	const char *words;
	unsigned n_failed;
} misses[] = {
	{ "-s 10.0.0.3", "-s 10.0.0.3/32: packet has 10.0.0.2", 1 },
	{ "! -s 10.0.0.0/24", "! -s 10.0.0.0/24: packet has 10.0.0.2", 1 },
	{ "-s 0.0.0.3/0.0.0.255", "-s 0.0.0.3/0.0.0.255: packet has 10.0.0.2", 1 },
	{ "-d 10.0.0.0/8", "-d 10.0.0.0/8: packet has 192.168.1.1", 1 },
	{ "-i eth1", "-i eth1: packet comes in by eth0", 1 },
	{ "-i eth", "-i eth: packet comes in by eth0", 1 },
	{ "! -i eth+", "! -i eth+: packet comes in by eth0", 1 },
	{ "-o eth0", "-o eth0: packet goes out by ppp1", 1 },
	{ "-p tcp", "-p tcp: packet is udp", 1 },
	{ "! -p udp", "! -p udp: packet is udp", 1 },
	{ "-p 99", "-p protocol 99: packet is udp", 1 },
	{ "-f", "-f: packet is no later fragment", 1 },
	{ "-p udp --dport 54", "--dport 54: packet has 53", 1 },
	{ "-p udp ! --dport 53", "! --dport 53: packet has 53", 1 },
	{ "-p tcp --dport 54", "-p tcp: packet is udp", 2 },
	{ "-s 10.0.0.3 -i eth1 -p udp --dport 54", "-s 10.0.0.3/32: packet has 10.0.0.2", 3 },
	{ "-p udp -m mark --mark 7 -m state --state ESTABLISHED", "--mark 0x7: packet has 0x0", 2 },
	{ "-m state --state ESTABLISHED", "--state ESTABLISHED: packet is NEW", 1 },
	{ "-p udp --dport 53", NULL, 0 },
	{ "-s 10.0.0.0/8 -d 192.168.0.0/16 -i eth+ -o ppp+ -p udp ! -f", NULL, 0 },
};

START_TEST(the_first_condition_that_fails)
{
	struct fixture fixture;
	char rules[300], expected[200];

	snprintf(rules, sizeof(rules), "*filter\n:FORWARD DROP [0:0]\n-A FORWARD %s -j ACCEPT\nCOMMIT\n", misses[_i].tests);
	begin(&fixture, rules, EVENT_BIT(EVENT_MISS));
	snprintf(expected, sizeof(expected), "miss 1: %s (%u)", misses[_i].words, misses[_i].n_failed);
	ck_assert_str_eq(eval(&fixture, 53), misses[_i].words ? expected : "");
	ck_assert_int_eq(fixture.result.verdict, misses[_i].words ? EVAL_DROP : EVAL_ACCEPT);
	end(&fixture);
}
END_TEST

static const char chains[] =
	"*filter\n:FORWARD DROP [0:0]\n:U1 - [0:0]\n:U2 - [0:0]\n"
	"-A FORWARD -p udp --dport 1 -j U1\n-A FORWARD -p udp --dport 2 -g U1\n-A FORWARD -j ACCEPT\n"
	"-A U1 -p udp --dport 1 -j RETURN\n-A U1 -j U2\n-A U2 -p tcp -j DROP\nCOMMIT\n";

static const struct {
	uint16_t dport;
	const char *told;
} ways[] = {
	{ 1, "table FORWARD; jump FORWARD; return U1; decided FORWARD" },
	{ 2, "table FORWARD; goto FORWARD; jump U1; end -; end -; decided FORWARD" },
	{ 3, "table FORWARD; decided FORWARD" },
};

START_TEST(the_way_through_chains)
{
	struct fixture fixture;

	begin(&fixture, chains, EVENT_BIT(EVENT_STEP));
	/* Rules that do not match stand between the steps; here only the steps are listened to. */
	ck_assert_str_eq(eval(&fixture, ways[_i].dport), ways[_i].told);
	end(&fixture);
}
END_TEST

START_TEST(rules_behind_the_decision)
{
	struct fixture fixture;

	begin(&fixture, "*filter\n:FORWARD DROP [0:0]\n:U1 - [0:0]\n"
	      "-A FORWARD -j DROP\n-A FORWARD -p udp --dport 53 -j ACCEPT\n-A FORWARD -p tcp -j U1\n"
	      "-A FORWARD -m limit --limit 1/s -j ACCEPT\n-A U1 -s 10.0.0.2 -j ACCEPT\nCOMMIT\n", EVENT_BIT(EVENT_PROBE));
	ck_assert_str_eq(eval(&fixture, 53), "holds 1: ; holds 2: ; fails 3: -p tcp: packet is udp; depends 4: -m limit; holds 1: ");
	end(&fixture);
}
END_TEST

/* A bucket of one: the second packet finds it empty, and explaining takes nothing out of it. */
START_TEST(explaining_changes_nothing)
{
	static const char rules[] = "*filter\n:FORWARD DROP [0:0]\n-A FORWARD -m limit --limit 1/hour --limit-burst 2 -j ACCEPT\nCOMMIT\n";
	uint32_t every = EVENT_BIT(EVENT_MISS) | EVENT_BIT(EVENT_STEP) | EVENT_BIT(EVENT_PROBE);
	static const enum eval_verdict expected[] = { EVAL_ACCEPT, EVAL_ACCEPT, EVAL_DROP };
	struct fixture fixture;

	begin(&fixture, rules, _i ? every : 0);
	for (int n = 0; n < N_ROWS(expected); n++) {
		eval(&fixture, 53);
		ck_assert_int_eq(fixture.result.verdict, expected[n]);
	}
	if (_i)
		ck_assert_ptr_nonnull(strstr(text_string(&fixture.told), "miss 1: --limit 1/hour: the bucket is empty (1)"));
	end(&fixture);
}
END_TEST

/* A muted stream wants nothing of a journey, and everything again afterwards. */
START_TEST(a_muted_stream_is_told_nothing)
{
	struct fixture fixture;

	begin(&fixture, chains, EVENT_BIT(EVENT_STEP) | EVENT_BIT(EVENT_SUMMARY));
	stream_mute(&fixture.stream, true);
	ck_assert_str_eq(eval(&fixture, 3), "");
	ck_assert(stream_wants(&fixture.stream, EVENT_SUMMARY));
	stream_mute(&fixture.stream, false);
	ck_assert_str_ne(eval(&fixture, 3), "");
	end(&fixture);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("rules/explain");
	TCase *tcase = tcase_create("explain");
	SRunner *runner = srunner_create(suite);
	int n_failed;

	tcase_add_loop_test(tcase, the_first_condition_that_fails, 0, N_ROWS(misses));
	tcase_add_loop_test(tcase, the_way_through_chains, 0, N_ROWS(ways));
	tcase_add_test(tcase, rules_behind_the_decision);
	tcase_add_loop_test(tcase, explaining_changes_nothing, 0, 2);
	tcase_add_test(tcase, a_muted_stream_is_told_nothing);
	suite_add_tcase(suite, tcase);
	srunner_run_all(runner, CK_ENV);
	n_failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return n_failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
