/* SPDX-License-Identifier: GPL-2.0-or-later */
/* For the tests of matches and targets: one extension, configured by its own option text, and one scripted packet. */
#ifndef TESTS_RULES_FIXTURE_H
#define TESTS_RULES_FIXTURE_H

#include <stdalign.h>

#include "rules/extension.h"
#include "rules/options.h"
#include "script_packets.h"

enum { FIXTURE_CONFIG_LEN = 1024, FIXTURE_STATE_LEN = 64, FIXTURE_WORDS_MOST = 32 };

struct rules_fixture {
	struct script_packets packets;
	struct packet packet;
	uint8_t bytes[128];
	struct connection connection;
	struct tracking tracking;
	struct subject subject;
	struct source source;		/* the option text */
	struct diagnostics diagnostics;
	struct shared_states shared;
	alignas(16) char config[FIXTURE_CONFIG_LEN];
	alignas(16) char state[FIXTURE_STATE_LEN];
};

__attribute__((unused)) static void rules_fixture_init(struct rules_fixture *fixture)
{
	memset(fixture, 0, sizeof(*fixture));
	packet_init(&fixture->packet);
	diag_init(&fixture->diagnostics);
	shared_states_init(&fixture->shared, 1, 250);
	fixture->subject = (struct subject){
		.packet = &fixture->packet, .tracking = &fixture->tracking, .in = "eth0", .out = "eth1",
		.hook = HOOK_FORWARD, .hz = 250,
	};
}

__attribute__((unused)) static void rules_fixture_clear(struct rules_fixture *fixture)
{
	packet_clear(&fixture->packet);
	if (fixture->packets.source.text)
		script_packets_clear(&fixture->packets);
	if (fixture->source.text)
		source_clear(&fixture->source);
	diag_clear(&fixture->diagnostics);
	shared_states_clear(&fixture->shared);
}

/* "raw4 6 03e80016": a protocol and whatever follows the IP header, for what no script can say. */
__attribute__((unused)) static void rules_fixture_load_raw(struct rules_fixture *fixture, const char *line)
{
	bool is_ipv6 = line[3] == '6';
	uint32_t len = is_ipv6 ? 40 : 20, header_len = len;
	uint8_t *bytes = fixture->bytes;
	unsigned protocol, byte;
	int n;

	ck_assert_int_eq(sscanf(line + 5, "%u %n", &protocol, &n), 1);
	for (const char *hex = line + 5 + n; sscanf(hex, "%2x", &byte) == 1; hex += 2)
		bytes[len++] = (uint8_t)byte;
	bytes[0] = is_ipv6 ? 0x60 : 0x45;
	bytes[is_ipv6 ? 5 : 3] = (uint8_t)(is_ipv6 ? len - header_len : len);
	bytes[is_ipv6 ? 6 : 9] = (uint8_t)protocol;
	bytes[is_ipv6 ? 7 : 8] = 64;
	decode_ip(&fixture->packet, bytes, len, len);
}

/* One line of a packet script, without its time. */
__attribute__((unused)) static void rules_fixture_load(struct rules_fixture *fixture, const char *line)
{
	char script[400];

	if (strncmp(line, "raw", 3) == 0) {
		rules_fixture_load_raw(fixture, line);
		return;
	}
	snprintf(script, sizeof(script), "0 %s", line);
	script_packets_load(&fixture->packets, script);
	script_packets_decode(&fixture->packets, 1, &fixture->packet);
}

/* "! --dport 22" into the configuration, as rules/parse would; false after an error. */
__attribute__((unused)) static bool rules_fixture_configure(struct rules_fixture *fixture, const struct option_spec *options,
							    size_t n_options, const char *text,
							    const struct extension_place *place)
{
	struct argument words[FIXTURE_WORDS_MOST];
	char copy[400];
	size_t n = 0;
	bool is_inverted = false, is_good = true;

	snprintf(copy, sizeof(copy), "%s", text);
	source_init(&fixture->source, "test", text, strlen(text));
	for (char *word = strtok(copy, " "); word && n < FIXTURE_WORDS_MOST; word = strtok(NULL, " "))
		words[n++] = (struct argument){ .text = word, .where = { &fixture->source, (uint32_t)(word - copy), (uint32_t)strlen(word) }, .is_as_written = true };
	for (size_t i = 0; i < n && is_good;) {
		const struct option_spec *option;

		if (strcmp(words[i].text, "!") == 0) {
			is_inverted = true;
			i++;
			continue;
		}
		option = options_find(options, n_options, words[i].text + 2);
		ck_assert_msg(option != NULL, "%s", words[i].text);
		is_good = options_store(option, fixture->config, &words[i], is_inverted, &words[i + 1], place,
					&fixture->diagnostics);
		i += 1 + options_value_count(option);
		is_inverted = false;
	}
	return is_good;
}

/* Finds, configures and starts a match; it must be accepted. */
__attribute__((unused)) static const struct match_type *rules_fixture_match(struct rules_fixture *fixture, const char *name,
									    enum family family, const char *text)
{
	const struct match_type *match = extension_find_match(name, family);
	struct extension_place place = { .family = family, .table = "filter", .chain = "FORWARD", .hooks = 1 << HOOK_FORWARD };
	struct text errors;

	ck_assert_msg(match != NULL, "%s", name);
	ck_assert_uint_le(match->config_size, FIXTURE_CONFIG_LEN);
	ck_assert_uint_le(match->state_size, FIXTURE_STATE_LEN);
	if (match->init)
		match->init(fixture->config);
	if (!rules_fixture_configure(fixture, match->options, match->n_options, text, &place) ||
	    (match->check && !match->check(fixture->config, &place, &fixture->diagnostics))) {
		text_init(&errors);
		diag_print(&fixture->diagnostics, &errors);
		ck_abort_msg("%s", text_string(&errors));
	}
	if (match->start)
		match->start(fixture->config, fixture->state, fixture->subject.now, fixture->subject.hz);
	if (match->attach)
		match->attach(fixture->config, fixture->state, &fixture->shared);
	return match;
}

/* "yes", "no", "hotdrop" or "unknown". */
__attribute__((unused)) static const char *rules_fixture_eval(struct rules_fixture *fixture, const struct match_type *match)
{
	static const char *const words[] = { [MATCH_NO] = "no", [MATCH_YES] = "yes", [MATCH_HOTDROP] = "hotdrop", [MATCH_UNKNOWN] = "unknown" };

	return words[match->eval(fixture->config, fixture->state, &fixture->subject)];
}

__attribute__((unused)) static void rules_fixture_expect_explanation(struct rules_fixture *fixture,
								     const struct match_type *match, const char *expected)
{
	struct text text;

	text_init(&text);
	match->explain(fixture->config, &fixture->subject, &text);
	ck_assert_str_eq(text_string(&text), expected);
	text_clear(&text);
}

#endif
