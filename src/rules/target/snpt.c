/* SPDX-License-Identifier: GPL-2.0-or-later */
/* -j SNPT: change the prefix of the source, and the checksums stay right. Linux 6.18, ip6t_NPT.c: ip6t_snpt_tg(). */
#include "packet/decode.h"
#include "packet/rewrite.h"
#include "rules/options.h"
#include "rules/prefix_translation.h"

enum { FIELD_OFFSET = 8 };	/* of the address in the header */

static enum target_verdict eval(const void *config, void *state, struct subject *subject)
{
	const struct prefix_translation *translation = config;
	struct packet *packet = subject->packet, quoted;
	struct address address = packet->source;
	bool is_mapped = prefix_translation_map(translation, &address);

	(void)state;
	rewrite_source_alone(packet, &address);
	if (!is_mapped)
		return prefix_translation_refuse(subject, FIELD_OFFSET);
	if (!prefix_translation_is_error(packet) || !decode_embedded(packet, &quoted) ||
	    !prefix_translation_holds(translation, &quoted.destination))
		return TARGET_CONTINUE;
	address = quoted.destination;
	prefix_translation_map(translation, &address);
	rewrite_quoted_destination_alone(packet, &address);
	return TARGET_CONTINUE;
}

static void list(const void *config, struct text *out)
{
	prefix_translation_list(config, "SNPT", out);
}

const struct target_type target_snpt = {
	.name = "SNPT",
	.summary = "change the prefix of the source, stateless; the packet goes on",
	.class = EXTENSION_EXACT,
	.families = EXTENSION_IPV6,
	.hooks = 1 << HOOK_INPUT | 1 << HOOK_POSTROUTING,
	.tables = EXTENSION_MANGLE,
	.options = prefix_translation_options,
	.n_options = PREFIX_TRANSLATION_OPTIONS,
	.config_size = sizeof(struct prefix_translation),
	.check = prefix_translation_check,
	.eval = eval,
	.print = prefix_translation_print,
	.list = list,
	.changes_addresses = true,
};
