/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "conntrack/gre_keys.h"

#include <string.h>

void gre_keys_init(struct gre_keys *keys)
{
	memset(keys, 0, sizeof(*keys));
	pool_init(&keys->pool, sizeof(struct gre_key));
}

void gre_keys_clear(struct gre_keys *keys)
{
	pool_clear(&keys->pool);
	memset(keys, 0, sizeof(*keys));
}

static bool is_of(const struct gre_key *key, const struct tuple *tuple)
{
	return key->tuple.destination_port == tuple->destination_port && key->tuple.family == tuple->family &&
	       key->tuple.protocol == tuple->protocol && address_is_equal(&key->tuple.source, &tuple->source) &&
	       address_is_equal(&key->tuple.destination, &tuple->destination);
}

bool gre_keys_add(struct gre_keys *keys, const struct tuple *tuple, uint64_t master_id, struct gre_key **own)
{
	struct gre_key *key;

	if (*own)
		return is_of(*own, tuple);	/* a retransmission */
	key = pool_take(&keys->pool);
	key->tuple = *tuple;
	key->master_id = master_id;
	key->own = own;
	key->older = keys->newest;
	if (keys->newest)
		keys->newest->newer = key;
	else
		keys->oldest = key;
	keys->newest = key;
	*own = key;
	return true;
}

static void forget(struct gre_keys *keys, struct gre_key *key)
{
	*key->own = NULL;
	if (key->older)
		key->older->newer = key->newer;
	else
		keys->oldest = key->newer;
	if (key->newer)
		key->newer->older = key->older;
	else
		keys->newest = key->older;
	pool_give(&keys->pool, key);
}

void gre_keys_forget(struct gre_keys *keys, uint64_t master_id)
{
	for (struct gre_key *key = keys->oldest, *newer; key; key = newer) {
		newer = key->newer;
		if (key->master_id == master_id)
			forget(keys, key);
	}
}

uint16_t gre_keys_find(const struct gre_keys *keys, const struct tuple *tuple)
{
	for (const struct gre_key *key = keys->oldest; key; key = key->newer)
		if (is_of(key, tuple))
			return key->tuple.source_port;
	return 0;
}
