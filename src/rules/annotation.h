/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a capture does not say about its packets: whose process sent them, which bridge port they came by. Somebody may
 * tell it (cli/annotation_file); a match that asks for what nobody told says MATCH_UNKNOWN.
 */
#ifndef RULES_ANNOTATION_H
#define RULES_ANNOTATION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "packet/packet.h"

enum annotation {
	ANNOTATION_UID, ANNOTATION_GID, ANNOTATION_CGROUP, ANNOTATION_CLASSID, ANNOTATION_SOCKET, ANNOTATION_PHYSDEV_IN,
	ANNOTATION_PHYSDEV_OUT, ANNOTATION_IN_GROUP, ANNOTATION_OUT_GROUP, ANNOTATION_REALM, ANNOTATION_IPSEC_IN,
	ANNOTATION_IPSEC_OUT, ANNOTATION_CPU, ANNOTATION_OS, ANNOTATION_TPROXY_PORT, ANNOTATION_IPVS, ANNOTATION_COUNT,
};

/* Values of ANNOTATION_SOCKET and of the two about IPsec. */
enum annotation_socket { ANNOTATION_SOCKET_NONE, ANNOTATION_SOCKET_YES, ANNOTATION_SOCKET_TRANSPARENT, ANNOTATION_SOCKET_WILDCARD };
enum annotation_ipsec { ANNOTATION_IPSEC_NONE, ANNOTATION_IPSEC_YES };
enum annotation_ipvs { ANNOTATION_IPVS_NONE, ANNOTATION_IPVS_YES };

struct annotation_value {
	uint32_t number;
	const char *text;		/* of those without words and numbers; "" stands for none */
};

struct annotation_word { const char *word; uint32_t number; };

/* How an annotation is written: one of `words` (ends with NULL), else text, else a number up to `max`. */
struct annotation_kind {
	const char *name;
	const struct annotation_word *words;
	bool is_text;
	uint32_t max;
	const char *value_name, *summary;
};

/* All of them, in the order of enum annotation. */
const struct annotation_kind *annotation_kinds(void);

/* The one of this name, or ANNOTATION_COUNT. */
enum annotation annotation_find_kind(const char *name, size_t len);

/* Who knows; find() is false when nobody told. */
struct annotation_source {
	bool (*find)(const struct annotation_source *source, const struct packet *packet, enum annotation annotation,
		     struct annotation_value *value);
};

/* `source` may be NULL: nobody told anything. */
static inline bool annotation_find(const struct annotation_source *source, const struct packet *packet,
				   enum annotation annotation, struct annotation_value *value)
{
	return source && source->find(source, packet, annotation, value);
}

#endif
