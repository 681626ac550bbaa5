/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "conntrack/timeout_policy.h"
#include "packet/packet.h"

struct fixture {
	struct conntrack_settings settings;
	struct timeout_policies policies;
	struct source source;
	struct diagnostics diagnostics;
	bool is_ok;
};

static void parse(struct fixture *fixture, const char *text)
{
	settings_init(&fixture->settings);
	fixture->settings.tcp_timeout_close = 7;
	timeout_policies_init(&fixture->policies);
	diag_init(&fixture->diagnostics);
	source_init(&fixture->source, "policies", text, strlen(text));
	fixture->is_ok = timeout_policies_parse(&fixture->policies, &fixture->source, &fixture->settings,
						&fixture->diagnostics);
}

static void clear(struct fixture *fixture)
{
	timeout_policies_clear(&fixture->policies);
	diag_clear(&fixture->diagnostics);
	source_clear(&fixture->source);
}

START_TEST(what_a_policy_leaves_open_is_as_it_was)
{
	const struct timeout_policy *policy;
	struct fixture fixture;

	parse(&fixture, "# two of them\n"
			"nfct add timeout slow inet tcp ESTABLISHED 100 syn_sent2 9 # behind\r\n"
			"\n\ttimeout add quick inet6 udplite unreplied 5");
	ck_assert(fixture.is_ok);
	policy = timeout_policies_find(&fixture.policies, "slow");
	ck_assert_ptr_nonnull(policy);
	ck_assert_int_eq(policy->family, FAMILY_IPV4);
	ck_assert_uint_eq(policy->protocol, PROTOCOL_TCP);
	ck_assert_uint_eq(policy->settings.tcp_timeout_established, 100);
	ck_assert_uint_eq(policy->settings.tcp_timeout_syn_sent2, 9);
	ck_assert_uint_eq(policy->settings.tcp_timeout_close, 7);
	policy = timeout_policies_find(&fixture.policies, "quick");
	ck_assert_ptr_nonnull(policy);
	ck_assert_int_eq(policy->family, FAMILY_IPV6);
	ck_assert_uint_eq(policy->settings.udp_timeout, 5);
	ck_assert_uint_eq(policy->settings.udp_timeout_stream, 120);
	ck_assert_ptr_null(timeout_policies_find(&fixture.policies, "slo"));
	clear(&fixture);
}
END_TEST

static const struct {
	const char *text, *message;
} errors[] = {
	{ "nfct add timeout", "the name of the policy is missing" },
	{ "nfct add", "\"add timeout\" is missing" },
	{ "nfct add helper x", "not a command that makes a timeout policy" },
	{ "add timeout a inet tcp", "a state is missing" },
	{ "add timeout a inet tcp established", "the time of the state, in seconds is missing" },
	{ "add timeout a inet tcp established 5x", "\"5x\" is no number of seconds" },
	{ "add timeout a inet tcp established 99999999", "is no number of seconds" },
	{ "add timeout a ipv4 tcp established 5", "unknown network protocol \"ipv4\"" },
	{ "add timeout a inet tpc established 5", "did you mean tcp?" },
	{ "add timeout a inet tcp establishd 5", "did you mean established?" },
	{ "add timeout a inet sctp heartbeat_sent 5", "unknown state \"heartbeat_sent\"" },
	{ "add timeout a inet icmp timeout 5\nadd timeout a inet tcp close 5", "policies:2:13: error: there is a policy \"a\"" },
	{ "add timeout aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa inet icmp timeout 5", "has at most 31 characters" },
	{ "add timeout aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa inet", "too long" },
};

START_TEST(what_is_wrong_is_said_at_its_place)
{
	struct fixture fixture;
	struct text text;

	parse(&fixture, errors[_i].text);
	ck_assert(!fixture.is_ok);
	text_init(&text);
	diag_print(&fixture.diagnostics, &text);
	ck_assert_msg(strstr(text_string(&text), errors[_i].message) != NULL, "%s:\n%s", errors[_i].text,
		      text_string(&text));
	text_clear(&text);
	clear(&fixture);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("conntrack/timeout_policy");
	TCase *cases = tcase_create("timeout_policy");
	SRunner *runner = srunner_create(suite);
	int n_failed;

	tcase_add_test(cases, what_a_policy_leaves_open_is_as_it_was);
	tcase_add_loop_test(cases, what_is_wrong_is_said_at_its_place, 0, sizeof(errors) / sizeof(errors[0]));
	suite_add_tcase(suite, cases);
	srunner_run_all(runner, CK_ENV);
	n_failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return n_failed != 0;
}
