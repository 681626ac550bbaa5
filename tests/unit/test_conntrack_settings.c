/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "conntrack/settings.h"

static const struct { const char *name; bool is_known; uint32_t value; bool is_in_range; uint32_t default_value; } rows[] = {
	{ "net.netfilter.nf_conntrack_udp_timeout", true, 10, true, 30 },
	{ "net/netfilter/nf_conntrack_udp_timeout", true, 0, true, 30 },
	{ "net.netfilter.nf_conntrack_udp_timeout", true, 8589934, true, 30 },
	{ "net.netfilter.nf_conntrack_udp_timeout", true, 8589935, false, 30 },
	{ "net.netfilter.nf_conntrack_tcp_timeout_established", true, 1, true, 432000 },
	{ "net.netfilter.nf_conntrack_tcp_loose", true, 2, false, 1 },
	{ "net.netfilter.nf_conntrack_tcp_max_retrans", true, 255, true, 3 },
	{ "net.netfilter.nf_conntrack_tcp_max_retrans", true, 256, false, 3 },
	{ "net.netfilter.nf_conntrack_max", true, 0, true, 262144 },
	{ "net.netfilter.nf_conntrack_events", true, 3, false, 2 },
	{ "net.netfilter.nf_conntrack_acct", true, 1, true, 0 },
	{ "net.netfilter.nf_conntrack_helper", true, 1, true, 0 },
	{ "net.netfilter.nf_conntrack_helper", true, 2, false, 0 },
	{ "net.netfilter.nf_conntrack_udp_timeou", false, 0, false, 0 },
	{ "net.netfilter.nf_conntrack_udp_timeoutx", false, 0, false, 0 },
	{ "", false, 0, false, 0 },
};

START_TEST(a_sysctl_has_name_default_and_range)
{
	struct conntrack_settings settings;
	const struct sysctl *sysctl = settings_find(rows[_i].name);

	settings_init(&settings);
	ck_assert_msg((sysctl != NULL) == rows[_i].is_known, "%s", rows[_i].name);
	if (!sysctl)
		return;
	ck_assert_uint_eq(settings_value(&settings, sysctl), rows[_i].default_value);
	ck_assert(settings_apply(&settings, sysctl, rows[_i].value) == rows[_i].is_in_range);
	ck_assert_uint_eq(settings_value(&settings, sysctl),
			  rows[_i].is_in_range ? rows[_i].value : rows[_i].default_value);
}
END_TEST

/* Every field of the struct but tcp_timeout_syn_sent2, hz and profile is a sysctl, and no two share one. */
START_TEST(the_table_covers_the_struct)
{
	size_t n_sysctls, n_fields = sizeof(struct conntrack_settings) / sizeof(uint32_t);
	const struct sysctl *sysctls = settings_sysctls(&n_sysctls);

	ck_assert_uint_eq(n_sysctls, n_fields - 3);
	for (size_t i = 0; i < n_sysctls; i++) {
		ck_assert_ptr_eq(settings_find(sysctls[i].name), &sysctls[i]);
		ck_assert_uint_le(sysctls[i].min, sysctls[i].default_value);
		ck_assert_uint_ge(sysctls[i].max, sysctls[i].default_value);
		ck_assert_uint_ne(sysctls[i].offset, offsetof(struct conntrack_settings, hz));
		for (size_t j = 0; j < i; j++)
			ck_assert_uint_ne(sysctls[i].offset, sysctls[j].offset);
	}
}
END_TEST

/* What a kernel does not have cannot be set for it. */
static const struct {
	const char *name;
	uint32_t value;
	bool suits[PROFILE_COUNT];
} kernel_rows[] = {
	{ "net.netfilter.nf_conntrack_max", 0, { [PROFILE_6_18] = false, [PROFILE_6_12] = true, [PROFILE_6_1] = true } },
	{ "net.netfilter.nf_conntrack_max", 1, { [PROFILE_6_18] = true, [PROFILE_6_12] = true, [PROFILE_6_1] = true } },
	{ "net.netfilter.nf_conntrack_dccp_timeout_open", 9,
	  { [PROFILE_6_18] = false, [PROFILE_6_12] = true, [PROFILE_6_1] = true } },
};

START_TEST(a_setting_suits_its_kernel)
{
	struct conntrack_settings settings;

	for (int profile = 0; profile < PROFILE_COUNT; profile++) {
		settings_init(&settings);
		settings.profile = (enum profile)profile;
		ck_assert_ptr_null(settings_check(&settings));
		ck_assert(settings_apply(&settings, settings_find(kernel_rows[_i].name), kernel_rows[_i].value));
		ck_assert_msg((settings_check(&settings) == NULL) == kernel_rows[_i].suits[profile], "%s in %s",
			      kernel_rows[_i].name, profile_name((enum profile)profile));
	}
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("conntrack/settings");
	TCase *cases = tcase_create("settings");
	SRunner *runner = srunner_create(suite);
	int n_failed;

	tcase_add_loop_test(cases, a_sysctl_has_name_default_and_range, 0, sizeof(rows) / sizeof(rows[0]));
	tcase_add_test(cases, the_table_covers_the_struct);
	tcase_add_loop_test(cases, a_setting_suits_its_kernel, 0, sizeof(kernel_rows) / sizeof(kernel_rows[0]));
	suite_add_tcase(suite, cases);
	srunner_run_all(runner, CK_ENV);
	n_failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return n_failed != 0;
}
