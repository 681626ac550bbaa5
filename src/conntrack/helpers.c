/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The registry of helpers; the list is made from sources.am. */
#include "conntrack/helper.h"

#include <string.h>

#define REGISTER(stem) extern const struct helper helper_##stem;
#include "registry_helpers.inc"
#undef REGISTER

#define REGISTER(stem) &helper_##stem,
static const struct helper *const helpers[] = {
#include "registry_helpers.inc"
	NULL,
};
#undef REGISTER

bool helper_is_for(const struct helper *helper, uint8_t protocol, enum family family)
{
	if (family == FAMILY_IPV6 && !helper->has_ipv6)
		return false;
	for (size_t i = 0; i < HELPER_MOST_PROTOCOLS; i++)
		if (helper->protocols[i] == protocol && protocol)
			return true;
	return false;
}

const struct helper *helper_find(const char *name, uint8_t protocol, enum family family)
{
	for (const struct helper *const *helper = helpers; *helper; helper++)
		if (strcmp((*helper)->name, name) == 0 && helper_is_for(*helper, protocol, family))
			return *helper;
	return NULL;
}

const struct helper *helper_find_by_port(uint16_t port, uint8_t protocol, enum family family)
{
	for (const struct helper *const *helper = helpers; *helper; helper++)
		if ((*helper)->port == port && port && helper_is_for(*helper, protocol, family))
			return *helper;
	return NULL;
}

const struct helper_class *helper_class(const struct helper *helper, uint32_t class)
{
	return helper && class < helper->n_classes ? &helper->classes[class] : NULL;
}

const struct helper *const *helper_all(void)
{
	return helpers;
}
