/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/topics.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/limits.h"
#include "cli/list_states.h"
#include "conntrack/helper.h"
#include "conntrack/profile.h"
#include "conntrack/settings.h"
#include "conntrack/tracker.h"
#include "host/hooks.h"
#include "host/host_settings.h"
#include "rules/lint.h"
#include "rules/annotation.h"
#include "rules/extension.h"
#include "rules/options.h"
#include "sink/sink.h"

enum { NAME_COLUMN = 14, ANNOTATION_COLUMN = 46 };

/* One topic. `name` narrows it to one item; false: there is no such item. */
struct topic {
	const char *name;
	bool (*print)(const char *name, struct text *out);
};

static const char *class_name(enum extension_class class)
{
	static const char *const names[] = {
		[EXTENSION_EXACT] = "exact",
		[EXTENSION_SEEDED] = "seeded",
		[EXTENSION_FROM_CONTEXT] = "from context",
		[EXTENSION_SIDE_EFFECT] = "side effect recorded",
	};

	return names[class];
}

static const char *families_name(uint8_t families)
{
	return families == EXTENSION_BOTH ? "IPv4, IPv6" : families == EXTENSION_IPV4 ? "IPv4" : "IPv6";
}

/* Why an extension is of its class; NULL where that says it all. */
static const char *reason_of(enum extension_class class, const char *basis)
{
	if (basis)
		return basis;
	return class == EXTENSION_SEEDED ? "drawn as --seed says" : class == EXTENSION_SIDE_EFFECT ? "no influence on verdicts" : NULL;
}

static void print_extension(const char *name, const char *class, const char *reason, const char *summary, struct text *out)
{
	size_t start = out->len;

	text_append(out, name);
	text_pad_to(out, start, NAME_COLUMN);
	text_append(out, class);
	text_pad_to(out, start, NAME_COLUMN + 24);
	text_append(out, summary);
	if (reason)
		text_printf(out, " (%s)", reason);
	text_append_char(out, '\n');
}

static bool print_matches(const char *name, struct text *out)
{
	size_t before = out->len;

	for (const struct match_type *const *match = extension_matches(); *match; match++) {
		if (name && strcmp(name, (*match)->name) != 0)
			continue;
		print_extension((*match)->name, class_name((*match)->class), reason_of((*match)->class, (*match)->basis), (*match)->summary,
				out);
		if (!name)
			continue;
		text_printf(out, "families: %s\n", families_name((*match)->families));
		options_describe((*match)->options, (*match)->n_options, out);
	}
	return out->len > before;
}

static bool print_targets(const char *name, struct text *out)
{
	size_t before = out->len;

	for (const struct target_type *const *target = extension_targets(); *target; target++) {
		if (name && strcmp(name, (*target)->name) != 0)
			continue;
		print_extension((*target)->name, class_name((*target)->class), reason_of((*target)->class, (*target)->basis),
				(*target)->summary, out);
		if (!name)
			continue;
		text_printf(out, "families: %s\n", families_name((*target)->families));
		options_describe((*target)->options, (*target)->n_options, out);
	}
	return out->len > before;
}

static bool print_sysctls_that(bool (*is_wanted)(const struct sysctl *), const char *name, struct text *out)
{
	size_t n, before = out->len;
	const struct sysctl *sysctls = settings_sysctls(&n);

	for (size_t i = 0; i < n; i++) {
		const struct sysctl *sysctl = &sysctls[i];

		if ((name && strcmp(name, sysctl->name) != 0) || (is_wanted && !is_wanted(sysctl)))
			continue;
		text_printf(out, "%-60s %9u  %s\n", sysctl->name, sysctl->default_value, sysctl->summary);
	}
	return out->len > before;
}

static void print_sysctl(const char *name, const char *wanted, unsigned value, const char *summary, struct text *out)
{
	if (!wanted || strcmp(wanted, name) == 0)
		text_printf(out, "%-60s %9u  %s\n", name, value, summary);
}

/* The settings of interfaces: all and default stand in IFACE's place too. */
static void print_host_sysctls(const char *wanted, struct text *out)
{
	const struct host_sysctl *table = host_settings_table();
	char name[64];

	print_sysctl("net.ipv4.ip_forward", wanted, table[HOST_FORWARDING].assumed, "IPv4 packets for others are forwarded", out);
	print_sysctl("net.ipv6.conf.all.forwarding", wanted, 1, "IPv6 packets for others are forwarded", out);
	for (size_t i = 0; i < HOST_SETTING_COUNT; i++) {
		snprintf(name, sizeof(name), "net.ipv4.conf.IFACE.%s", table[i].name);
		print_sysctl(name, wanted, table[i].assumed, table[i].summary, out);
	}
}

static bool print_sysctls(const char *name, struct text *out)
{
	size_t before = out->len;

	print_sysctls_that(NULL, name, out);
	print_host_sysctls(name, out);
	return out->len > before;
}

static bool is_timeout(const struct sysctl *sysctl)
{
	return strstr(sysctl->name, "_timeout") != NULL;
}

static bool print_timeouts(const char *name, struct text *out)
{
	return print_sysctls_that(is_timeout, name, out);
}

static bool print_hooks(const char *name, struct text *out)
{
	size_t n, before = out->len;
	const struct hook_stage *stages = hooks_stages(&n);

	for (size_t i = 0; i < n; i++) {
		if (name && strcmp(name, hook_name(stages[i].hook)) != 0)
			continue;
		text_printf(out, "%-12s %11d  %s\n", hook_name(stages[i].hook), stages[i].priority, stages[i].summary);
	}
	return out->len > before;
}

static bool print_formats(const char *name, struct text *out)
{
	size_t before = out->len;

	for (const struct sink_type *const *type = sink_all(); *type; type++) {
		if (name && strcmp(name, (*type)->name) != 0)
			continue;
		text_printf(out, "%-12s %s\n", (*type)->name, (*type)->summary);
		for (const struct sink_word *word = (*type)->words; word && word->name; word++)
			text_printf(out, "  %s,%-*s %s\n", (*type)->name, (int)(9 - strlen((*type)->name) % 9),
				    word->name, word->summary);
	}
	return out->len > before;
}

static bool print_kernels(const char *name, struct text *out)
{
	enum profile profile;

	if (name && !profile_find(name, &profile))
		return false;
	profile_print_table(out);
	return true;
}

static void print_helper(const struct helper *helper, struct text *out)
{
	size_t start = out->len;

	text_append(out, helper->name);
	text_pad_to(out, start, NAME_COLUMN);
	for (size_t i = 0; i < HELPER_MOST_PROTOCOLS && helper->protocols[i]; i++)
		text_printf(out, "%s%s", i ? "," : " ", tracker_find(helper->protocols[i], PROFILE_6_18)->name);
	text_pad_to(out, start, NAME_COLUMN + 9);
	text_printf(out, "%-10s", helper->has_ipv6 ? "ipv4,ipv6" : "ipv4");
	if (helper->port)
		text_printf(out, " port %-6u", helper->port);
	else
		text_printf(out, " %-11s", "no port");
	text_printf(out, " %s\n", helper->summary);
	for (size_t i = 0; i < helper->n_classes; i++) {
		const struct helper_class *class = &helper->classes[i];

		text_printf(out, "  %s%sat most %u at a time, for %u s\n", class->name, *class->name ? ": " : "",
			    class->max_expected, class->timeout_seconds);
	}
}

static bool print_helpers(const char *name, struct text *out)
{
	size_t before = out->len;

	for (const struct helper *const *helper = helper_all(); *helper; helper++)
		if (!name || strcmp(name, (*helper)->name) == 0)
			print_helper(*helper, out);
	return out->len > before;
}

static bool print_annotations(const char *name, struct text *out)
{
	const struct annotation_kind *kinds = annotation_kinds();
	bool is_found = false;

	for (unsigned i = 0; i < ANNOTATION_COUNT; i++) {
		size_t start = out->len;

		if (name && strcmp(name, kinds[i].name) != 0)
			continue;
		text_printf(out, "%s=%s", kinds[i].name, kinds[i].value_name);
		text_pad_to(out, start, ANNOTATION_COLUMN);
		text_printf(out, " %s\n", kinds[i].summary);
		is_found = true;
	}
	return is_found;
}

static bool print_lint(const char *name, struct text *out)
{
	const char *remark, *summary;
	bool is_found = false;

	for (size_t i = 0; (remark = lint_remark(i, &summary)) != NULL; i++) {
		size_t start = out->len;

		if (name && strcmp(name, remark) != 0)
			continue;
		text_append(out, remark);
		text_pad_to(out, start, NAME_COLUMN + 6);
		text_printf(out, " %s\n", summary);
		is_found = true;
	}
	return is_found;
}

static bool print_limits(const char *name, struct text *out)
{
	size_t n, before = out->len;
	const struct limit *limits = limits_table(&n);

	for (size_t i = 0; i < n; i++)
		if (!name || strcmp(name, limits[i].name) == 0)
			text_printf(out, "%-14s %10" PRIu64 "  %s\n", limits[i].name, limits[i].default_value, limits[i].summary);
	return out->len > before;
}

static const struct topic topics[] = {
	{ "matches", print_matches },
	{ "targets", print_targets },
	{ "states", list_states_print },
	{ "timeouts", print_timeouts },
	{ "helpers", print_helpers },
	{ "hooks", print_hooks },
	{ "sysctls", print_sysctls },
	{ "formats", print_formats },
	{ "kernels", print_kernels },
	{ "lint", print_lint },
	{ "annotations", print_annotations },
	{ "limits", print_limits },
};

enum { N_TOPICS = sizeof(topics) / sizeof(topics[0]) };

const char *topics_name(size_t index)
{
	return index < N_TOPICS ? topics[index].name : NULL;
}

bool topics_print(size_t index, const char *name, struct text *out)
{
	return topics[index].print(name, out);
}
