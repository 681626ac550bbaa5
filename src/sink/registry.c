/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The formats there are, from the list in sources.am: one REGISTER(stem) a line, sorted. */
#include "sink/sink.h"

#include <string.h>

#define REGISTER(stem) extern const struct sink_type sink_##stem;
#include "registry_sinks.inc"
#undef REGISTER

#define REGISTER(stem) &sink_##stem,
static const struct sink_type *const types[] = {
#include "registry_sinks.inc"
	NULL,
};
#undef REGISTER

const struct sink_type *const *sink_all(void)
{
	return types;
}

const struct sink_type *sink_find(const char *name)
{
	for (size_t i = 0; types[i]; i++)
		if (!strcmp(types[i]->name, name))
			return types[i];
	return NULL;
}
