/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "rules/icmp_types.h"

#include <string.h>
#include <strings.h>

#include "rules/options.h"

static const struct option_name *find_prefix(const struct option_name *name, const char *text)
{
	while (name->name && strncasecmp(name->name, text, strlen(text)) != 0)
		name++;
	return name->name ? name : NULL;
}

/* TYPE or TYPE/CODE. False without a message when it does not begin with a number. */
static bool parse_numbers(const struct argument *value, struct icmp_test *test, bool *is_number,
			  struct diagnostics *diagnostics)
{
	const char *at = value->text, *end;
	uint32_t type, code = 0;
	struct option_word word;
	uint64_t ignored;

	options_next_word(value, &at, '/', &word);
	*is_number = options_read_number(word.text, &end, &ignored) && !*end;
	if (!*is_number || !options_parse_number(&word, 0, UINT8_MAX, &type, diagnostics))
		return false;
	if (at) {
		options_next_word(value, &at, '\0', &word);
		if (!options_parse_number(&word, 0, UINT8_MAX, &code, diagnostics))
			return false;
	}
	test->type = (uint8_t)type;
	test->first_code = (uint8_t)code;
	test->last_code = strchr(value->text, '/') ? (uint8_t)code : UINT8_MAX;
	return true;
}

bool icmp_types_parse(const struct argument *value, const char *title, const struct option_name *names,
		      struct icmp_test *test, struct diagnostics *diagnostics)
{
	const struct option_name *name = find_prefix(names, value->text), *other = name ? find_prefix(name + 1, value->text) : NULL;
	const char *at = value->text;
	struct option_word word;
	struct text noun;
	bool is_number;

	if (other) {
		diag_error(diagnostics, value->where, NULL, "\"%s\" may be %s or %s", value->text, name->name, other->name);
		return false;
	}
	if (name) {
		test->type = (uint8_t)(name->value >> 16);
		test->first_code = (uint8_t)(name->value >> 8);
		test->last_code = (uint8_t)name->value;
		return true;
	}
	if (parse_numbers(value, test, &is_number, diagnostics))
		return true;
	if (is_number)
		return false;
	text_init(&noun);
	text_printf(&noun, "%s type", title);
	options_next_word(value, &at, '\0', &word);
	options_report_unknown(&word, text_string(&noun), names, diagnostics);
	text_clear(&noun);
	return false;
}

void icmp_types_print(const struct icmp_test *test, struct text *out)
{
	text_append_u64(out, test->type);
	if (test->first_code != 0 || test->last_code != UINT8_MAX)
		text_printf(out, "/%u", test->first_code);
}

void icmp_types_list(const char *protocol, const struct icmp_test *test, bool is_inverted, struct text *out)
{
	text_printf(out, " %s%stype %u", protocol, is_inverted ? " !" : "", test->type);
	if (test->first_code == test->last_code)
		text_printf(out, " code %u", test->first_code);
}
