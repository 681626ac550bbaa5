/* SPDX-License-Identifier: GPL-2.0-or-later */
/* "NAME src,dst": how -m set and -j SET name a set, and which ends of a packet they mean. */
#ifndef RULES_SET_REFERENCE_H
#define RULES_SET_REFERENCE_H

#include <stdbool.h>

#include "rules/extension.h"
#include "rules/ipset/ipset.h"

struct set_reference {
	char name[IPSET_NAME_LONGEST + 1];	/* "": the rule names none here */
	struct source_range where;		/* of the name */
	struct ipset_query query;		/* its set is found by set_reference_resolve() */
};

/* The two words behind --match-set and its like; false after an error. */
bool set_reference_parse(struct set_reference *reference, const struct argument *values, struct diagnostics *diagnostics);

/* " NAME src,dst" */
void set_reference_print(const struct set_reference *reference, struct text *out);

/*
 * Finds the set among those of the place, and checks that it can be asked by the rule's family. True without sets: then the
 * rule is not simulated, set_reference_unsimulated() says so.
 */
bool set_reference_resolve(struct set_reference *reference, const struct extension_place *place, struct diagnostics *diagnostics);

const char *set_reference_unsimulated(const struct set_reference *reference);

#endif
