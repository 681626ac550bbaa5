/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "suite/judge_parts.h"

#include <string.h>

#include "base/alloc.h"
#include "sink/packet_words.h"

struct judge_failure *judge_add_failure(struct judge *judge, const struct expectation *expectation, uint64_t packet)
{
	struct judge_failure *failure;

	if (judge->n_failures == judge->capacity) {
		judge->capacity = alloc_grown_capacity(judge->capacity, judge->n_failures + 1);
		judge->failures = alloc_resize(judge->failures, judge->capacity, sizeof(*failure));
	}
	failure = &judge->failures[judge->n_failures++];
	*failure = (struct judge_failure){ .expectation = expectation, .packet = packet };
	text_init(&failure->words);
	return failure;
}

/* A word stands in the line with a blank or an end on either side. */
static bool has_word(const char *line, const char *word)
{
	size_t len = strlen(word);

	for (const char *at = strstr(line, word); at; at = strstr(at + 1, word))
		if ((at == line || at[-1] == ' ') && (at[len] == ' ' || at[len] == '\0'))
			return true;
	return false;
}

bool judge_has_words(const char *line, const struct suite_words *words)
{
	for (size_t i = 0; i < words->n_words; i++)
		if (!has_word(line, words->words[i]))
			return false;
	return true;
}

static bool is_rule(const struct rule_place *place, const char *wanted)
{
	struct text name;
	bool is_it;

	text_init(&name);
	packet_words_print_rule(place, &name);
	is_it = strcmp(text_string(&name), wanted) == 0 || strcmp(text_string(&name) + strlen(place->table) + 1, wanted) == 0;
	if (place->number == 0)
		is_it = is_it || strcmp(wanted, "policy") == 0;
	else
		is_it = is_it || (*wanted && strstr(place->text, wanted) != NULL);
	if (!is_it && *wanted && place->number && place->written) {
		text_reset(&name);
		text_append_bytes(&name, place->written, place->written_len);
		is_it = strstr(text_string(&name), wanted) != NULL;
	}
	text_clear(&name);
	return is_it;
}

bool judge_is_rule(const struct rule_place *place, const char *wanted)
{
	const char *family = place && place->family == FAMILY_IPV6 ? "ipv6 " : "ipv4 ";

	if (!place)
		return *wanted == '\0';
	return is_rule(place, wanted) || (strncmp(wanted, family, strlen(family)) == 0 && is_rule(place, wanted + strlen(family)));
}
