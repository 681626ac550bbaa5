/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "rules/set_reference.h"

#include <string.h>

#include "rules/lex.h"
#include "rules/options.h"

/* iptables 1.8.9, parse_dirs() of libxt_set.h: what begins with src or dst will do. */
static bool parse_directions(struct set_reference *reference, const struct argument *value, struct diagnostics *diagnostics)
{
	const char *at = value->text;
	struct option_word word;

	while (at) {
		options_next_word(value, &at, ',', &word);
		if (strncmp(word.text, "src", 3) != 0 && strncmp(word.text, "dst", 3) != 0) {
			diag_error(diagnostics, word.where, "src or dst, one for each part of the set's elements: src,dst",
				   "\"%s\" is not an end of a packet", word.text);
			return false;
		}
		if (reference->query.n_dimensions == IPSET_DIMENSIONS_MOST) {
			diag_error(diagnostics, word.where, "at most 6", "too many words");
			return false;
		}
		reference->query.sources |= (uint8_t)((word.text[0] == 's') << reference->query.n_dimensions++);
	}
	return true;
}

bool set_reference_parse(struct set_reference *reference, const struct argument *values, struct diagnostics *diagnostics)
{
	if (strlen(values[0].text) > IPSET_NAME_LONGEST) {
		diag_error(diagnostics, values[0].where, "at most 31 characters", "\"%.40s...\" is too long a name for a set",
			   values[0].text);
		return false;
	}
	if (!values[0].text[0]) {
		diag_error(diagnostics, values[0].where, NULL, "the name of a set is missing here");
		return false;
	}
	strcpy(reference->name, values[0].text);
	reference->where = values[0].where;
	reference->query.set = IPSET_UNKNOWN;
	return parse_directions(reference, &values[1], diagnostics);
}

void set_reference_print(const struct set_reference *reference, struct text *out)
{
	text_printf(out, " %s ", reference->name);
	for (unsigned i = 0; i < reference->query.n_dimensions; i++)
		text_printf(out, "%s%s", i ? "," : "", reference->query.sources >> i & 1 ? "src" : "dst");
}

bool set_reference_resolve(struct set_reference *reference, const struct extension_place *place, struct diagnostics *diagnostics)
{
	enum family family;
	const char *nearest;
	struct text hint;

	if (!place->sets || !reference->name[0])
		return true;
	reference->query.set = ipsets_find(place->sets, reference->name);
	if (reference->query.set == IPSET_UNKNOWN) {
		nearest = ipsets_nearest(diagnostics, place->sets, reference->name);
		text_init(&hint);
		text_printf(&hint, nearest ? "did you mean %s?" : "no --ipset file creates it", nearest);
		diag_error(diagnostics, reference->where, text_string(&hint), "there is no set \"%s\"", reference->name);
		text_clear(&hint);
		return false;
	}
	family = ipsets_family(place->sets, reference->query.set);
	if (family == FAMILY_NONE || family == place->family)
		return true;
	diag_error(diagnostics, reference->where, NULL, "set %s holds IPv%d addresses, and this is a rule of IPv%d", reference->name,
		   family, place->family);
	return false;
}

const char *set_reference_unsimulated(const struct set_reference *reference)
{
	return reference->name[0] && reference->query.set == IPSET_UNKNOWN ? "a set that no --ipset file says" : NULL;
}
