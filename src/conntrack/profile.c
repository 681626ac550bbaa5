/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "conntrack/profile.h"

#include <assert.h>
#include <string.h>

static const struct {
	const char *name, *version;
} profiles[] = {
	[PROFILE_6_18] = { "6.18", "6.18.44" },
	[PROFILE_6_12] = { "6.12", "6.12.117" },
	[PROFILE_6_1] = { "6.1", "6.1.192" },
};

static_assert(sizeof(profiles) / sizeof(profiles[0]) == PROFILE_COUNT, "a version for each kernel");

/* What a trait is in 6.18, 6.12 and 6.1. */
#define SINCE_6_18 { 1, 0, 0 }
#define SINCE_6_12 { 1, 1, 0 }
#define UNTIL_6_12 { 0, 1, 1 }
#define UNTIL_6_1 { 0, 0, 1 }
#define ONLY_6_12 { 0, 1, 0 }

/* `words`: what the values 0 and 1 mean; NULL: the number says it. */
static const struct trait {
	const char *what;
	uint32_t values[PROFILE_COUNT];
	const char *words[2];
} traits[] = {
	[PROFILE_TRACKS_DCCP] = { "DCCP (protocol 33)", UNTIL_6_12, { "no ports, no states", "states and ports" } },
	[PROFILE_DROPS_SHORT_DCCP] = { "DCCP too short for its type", UNTIL_6_1, { "INVALID, if tracked", "dropped" } },
	[PROFILE_SKIPS_MRD] = { "ICMPv6 151, 152", SINCE_6_12, { "INVALID", "UNTRACKED" } },
	[PROFILE_DRAWS_DNAT_PORT] = { "DNAT, REDIRECT to ports: begin at", UNTIL_6_1, { "the lowest", "a random one" } },
	[PROFILE_ENDS_OLD_TCP] = {
		"NAT: no port is free for a SYN", SINCE_6_12, { "it is dropped", "an old entry may go" }
	},
	[PROFILE_KEEPS_MIRRORED_PORT] = {
		"NAT: a UDP port that its mirror has", SINCE_6_12, { "is changed", "stays" }
	},
	[PROFILE_JOINS_CLASHING] = {
		"UDP: a new entry in another one's way", UNTIL_6_1, { "is dropped", "joins that one" }
	},
	[PROFILE_KEEPS_RESET_LONG] = {
		"TCP: a reset that leaves ESTABLISHED", ONLY_6_12, { "10 s", "300 s" }
	},
	[PROFILE_MARKS_EXPECTED_HELP] = { "HELPER where an expectation brings it", UNTIL_6_12, { "not set", "set" } },
	[PROFILE_FILES_PAIRS] = {
		"SIP, H.323: no place for RTCP, RTP is", ONLY_6_12, { "expected, taken back", "not expected" }
	},
	[PROFILE_REFUSES_LONG_HEADERS] = {
		"-p: an IPv6 header beyond its packet", UNTIL_6_12, { "is believed", "drops" }
	},
	[PROFILE_MOST_HITS] = { "recent --hitcount at most", { 65535, 65535, 255 }, { NULL, NULL } },
	[PROFILE_LEAST_MAX] = { "nf_conntrack_max=0", SINCE_6_18, { "no limit", "refused" } },
};

static_assert(sizeof(traits) / sizeof(traits[0]) == PROFILE_TRAIT_COUNT, "a row for each trait");

uint32_t profile_value(enum profile profile, enum profile_trait trait)
{
	return traits[trait].values[profile];
}

const char *profile_name(enum profile profile)
{
	return profiles[profile].name;
}

const char *profile_version(enum profile profile)
{
	return profiles[profile].version;
}

bool profile_find(const char *name, enum profile *profile)
{
	for (int i = 0; i < PROFILE_COUNT; i++) {
		if (strcmp(profiles[i].name, name) != 0 && strcmp(profiles[i].version, name) != 0)
			continue;
		*profile = (enum profile)i;
		return true;
	}
	return false;
}

bool profile_parse(const char *value, enum profile *profile, struct diagnostics *diagnostics)
{
	struct text names;

	if (profile_find(value, profile))
		return true;
	text_init(&names);
	for (int i = PROFILE_COUNT - 1; i >= 0; i--)
		text_printf(&names, "%s%s", profiles[i].name, i > 1 ? ", " : i == 1 ? " and " : "");
	diag_error_plain(diagnostics, "--kernel '%s': %s are simulated; `ctreplay list kernels` says what differs", value,
			 text_string(&names));
	text_clear(&names);
	return false;
}

static void print_row(const struct trait *trait, struct text *out)
{
	enum { WHAT_COLUMN = 40, VALUE_COLUMN = 22 };
	size_t start = out->len;

	text_append(out, trait ? trait->what : "");
	for (int i = PROFILE_COUNT - 1, column = WHAT_COLUMN; i >= 0; i--, column += VALUE_COLUMN) {
		text_pad_to(out, start, (size_t)column);
		if (!trait)
			text_append(out, profiles[i].version);
		else if (trait->words[0])
			text_append(out, trait->words[trait->values[i] != 0]);
		else
			text_append_u64(out, trait->values[i]);
	}
	text_append_char(out, '\n');
}

void profile_print_table(struct text *out)
{
	print_row(NULL, out);
	for (size_t i = 0; i < PROFILE_TRAIT_COUNT; i++)
		print_row(&traits[i], out);
}
