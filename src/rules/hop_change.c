/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "rules/hop_change.h"

#include "packet/rewrite.h"

void hop_change_apply(const struct hop_change *change, struct packet *packet)
{
	uint32_t hops = change->value;

	if (options_is_seen(&change->marks, HOP_INCREMENT))
		hops = packet->ttl + change->value > UINT8_MAX ? UINT8_MAX : packet->ttl + change->value;
	else if (options_is_seen(&change->marks, HOP_DECREMENT))
		hops = packet->ttl < change->value ? 0 : packet->ttl - change->value;
	rewrite_ttl(packet, (uint8_t)hops);
}

void hop_change_list(const struct hop_change *change, const char *title, struct text *out)
{
	const char *words = "set to";

	if (options_is_seen(&change->marks, HOP_INCREMENT))
		words = "increment by";
	else if (options_is_seen(&change->marks, HOP_DECREMENT))
		words = "decrement by";
	text_printf(out, " %s %s %u", title, words, change->value);
}
