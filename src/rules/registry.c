/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Names to extensions. The build writes the two lists, sorted, from src/sources.am: REGISTER(stem) a line. */
#include <string.h>

#include "rules/extension.h"

#define REGISTER(stem) extern const struct match_type match_##stem;
#include "registry_matches.inc"
#undef REGISTER
#define REGISTER(stem) extern const struct target_type target_##stem;
#include "registry_targets.inc"
#undef REGISTER

static const struct match_type *const matches[] = {
#define REGISTER(stem) &match_##stem,
#include "registry_matches.inc"
#undef REGISTER
	NULL,
};

static const struct target_type *const targets[] = {
#define REGISTER(stem) &target_##stem,
#include "registry_targets.inc"
#undef REGISTER
	NULL,
};

static bool serves(uint8_t families, enum family family)
{
	if (family == FAMILY_NONE)
		return true;
	return (families & (family == FAMILY_IPV6 ? EXTENSION_IPV6 : EXTENSION_IPV4)) != 0;
}

const struct match_type *extension_find_match(const char *name, enum family family)
{
	for (size_t i = 0; matches[i]; i++) {
		if (matches[i]->name[0] == name[0] && strcmp(matches[i]->name, name) == 0 && serves(matches[i]->families, family))
			return matches[i];
	}
	return NULL;
}

const struct target_type *extension_find_target(const char *name, enum family family)
{
	for (size_t i = 0; targets[i]; i++) {
		if (targets[i]->name[0] == name[0] && strcmp(targets[i]->name, name) == 0 && serves(targets[i]->families, family))
			return targets[i];
	}
	return NULL;
}

const struct match_type *const *extension_matches(void)
{
	return matches;
}

const struct target_type *const *extension_targets(void)
{
	return targets;
}
