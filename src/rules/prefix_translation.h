/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * IPv6 prefix translation that keeps checksums (RFC 6296), which SNPT and DNPT share: their configuration, its options, and
 * what becomes of an address. Linux 6.18, ip6t_NPT.c.
 */
#ifndef RULES_PREFIX_TRANSLATION_H
#define RULES_PREFIX_TRANSLATION_H

#include <stdbool.h>
#include <stdint.h>

#include "rules/extension.h"

struct prefix_translation {
	struct option_marks marks;
	struct option_address from, to;
	uint8_t from_len, to_len;
	uint16_t adjustment;		/* by how much the sums of the two prefixes differ */
};

enum { PREFIX_TRANSLATION_OPTIONS = 2 };
extern const struct option_spec prefix_translation_options[PREFIX_TRANSLATION_OPTIONS];

/* The check() of both targets: lengths, and the adjustment. */
bool prefix_translation_check(void *config, const struct extension_place *place, struct diagnostics *diagnostics);

/* The new prefix, whatever the old one was. False when no word of the address can take the adjustment. */
bool prefix_translation_map(const struct prefix_translation *translation, struct address *address);

/* Does an address begin with the prefix that is translated? */
bool prefix_translation_holds(const struct prefix_translation *translation, const struct address *address);

/* The packet cannot be translated: it is dropped, and the sender told which byte of the header is to blame. */
enum target_verdict prefix_translation_refuse(struct subject *subject, uint8_t header_byte);

/* Does the packet quote another one as its first header, in an error? */
bool prefix_translation_is_error(const struct packet *packet);

void prefix_translation_print(const void *config, struct text *out);
void prefix_translation_list(const struct prefix_translation *translation, const char *name, struct text *out);

#endif
