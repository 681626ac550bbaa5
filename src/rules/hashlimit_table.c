/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "rules/hashlimit_table.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/pool.h"

enum { DAY = 86400, MS = 1000, DEFAULT_SIZE = 8192, SIZE_MOST = 1048576, FIRST_BUCKETS = 64 };

/* struct dsthash_ent. */
struct bucket {
	struct bucket *next;
	struct hashlimit_key key;
	int64_t expires, last;		/* jiffies */
	/* Credit: packets and bytes. */
	uint64_t credit, cap, cost;
	/* --hashlimit-rate-match. */
	uint64_t current_rate, rate;
	int64_t burst;
	uint32_t interval;
	bool was_over;
};

struct hashlimit_table {
	struct hashlimit_parameters parameters;
	uint32_t hz;
	uint32_t n_entries, n_slots;	/* a power of two */
	struct bucket **slots;
	struct pool pool;
	int64_t last_sweep;		/* jiffy */
};

static uint64_t power_of_two_below(uint64_t most)
{
	uint64_t power = 1;

	while (power * 2 <= most)
		power *= 2;
	return power;
}

static uint64_t credits_per_jiffy(uint32_t hz)
{
	return power_of_two_below(UINT64_MAX / ((uint64_t)hz * DAY));
}

static uint64_t byte_credits_per_jiffy(uint32_t hz)
{
	return power_of_two_below(UINT32_MAX / hz);
}

uint64_t hashlimit_table_credits(uint64_t average, uint32_t hz)
{
	uint64_t a_second = hz * credits_per_jiffy(hz);

	if (HASHLIMIT_SCALE >= a_second)
		return average / (HASHLIMIT_SCALE / a_second);
	return average * (a_second / HASHLIMIT_SCALE);
}

uint32_t hashlimit_table_byte_price(uint32_t average, uint32_t hz)
{
	return (uint32_t)(average * (hz * byte_credits_per_jiffy(hz)) >> 32);
}

struct hashlimit_table *hashlimit_table_create(const struct hashlimit_parameters *parameters, uint32_t hz)
{
	struct hashlimit_table *table = alloc_zeroed(1, sizeof(*table));
	struct hashlimit_parameters *kept = &table->parameters;

	*kept = *parameters;
	table->hz = hz;
	kept->size = !kept->size ? DEFAULT_SIZE : kept->size > SIZE_MOST ? SIZE_MOST : kept->size;
	kept->max = kept->max > SIZE_MOST ? SIZE_MOST : kept->max;
	if (!kept->max)
		kept->max = 8 * kept->size;
	else if (kept->max < kept->size)
		kept->max = kept->size;
	table->n_slots = FIRST_BUCKETS;
	table->slots = alloc_zeroed(table->n_slots, sizeof(*table->slots));
	pool_init(&table->pool, sizeof(struct bucket));
	return table;
}

void hashlimit_table_destroy(void *object)
{
	struct hashlimit_table *table = object;

	pool_clear(&table->pool);
	free(table->slots);
	free(table);
}

const struct hashlimit_parameters *hashlimit_table_parameters(const struct hashlimit_table *table)
{
	return &table->parameters;
}

static struct bucket **slot_of(const struct hashlimit_table *table, const struct hashlimit_key *key)
{
	uint64_t words[sizeof(*key) / sizeof(uint64_t)], hash = 0;

	memcpy(words, key, sizeof(words));
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		hash = (hash ^ words[i]) * UINT64_C(0x9e3779b97f4a7c15) + (hash >> 32);
	return &table->slots[hash >> 32 & (table->n_slots - 1)];
}

static void grow(struct hashlimit_table *table)
{
	struct bucket **old = table->slots;
	uint32_t n_old = table->n_slots;

	table->n_slots *= 2;
	table->slots = alloc_zeroed(table->n_slots, sizeof(*table->slots));
	for (uint32_t i = 0; i < n_old; i++) {
		while (old[i]) {
			struct bucket *bucket = old[i], **slot = slot_of(table, &bucket->key);

			old[i] = bucket->next;
			bucket->next = *slot;
			*slot = bucket;
		}
	}
	free(old);
}

/* What has expired makes room; the kernel looks once in every gc interval. */
static void sweep(struct hashlimit_table *table, int64_t now)
{
	if (table->last_sweep && now - table->last_sweep < (int64_t)table->parameters.gc_interval * table->hz / MS)
		return;
	table->last_sweep = now;
	for (uint32_t i = 0; i < table->n_slots; i++) {
		for (struct bucket **link = &table->slots[i]; *link;) {
			struct bucket *bucket = *link;

			if (now < bucket->expires) {
				link = &bucket->next;
				continue;
			}
			*link = bucket->next;
			pool_give(&table->pool, bucket);
			table->n_entries--;
		}
	}
}

static void fill(const struct hashlimit_table *table, struct bucket *bucket, int64_t now)
{
	const struct hashlimit_parameters *parameters = &table->parameters;
	uint32_t average = (uint32_t)parameters->average;

	bucket->last = now;
	if (parameters->mode & HASHLIMIT_RATE_MATCH) {
		bucket->was_over = false;
		bucket->current_rate = 0;
		bucket->interval = parameters->interval;
		if (parameters->mode & HASHLIMIT_BYTES) {
			bucket->rate = ((uint64_t)(average ? UINT32_MAX / average : UINT32_MAX) - 1) << HASHLIMIT_BYTE_SHIFT;
			bucket->burst = (int64_t)(parameters->burst ? parameters->burst * bucket->rate : bucket->rate);
		} else {
			bucket->rate = parameters->average ? HASHLIMIT_SCALE / parameters->average : 0;
			bucket->burst = (int64_t)(parameters->burst + bucket->rate);
		}
	} else if (parameters->mode & HASHLIMIT_BYTES) {
		bucket->credit = byte_credits_per_jiffy(table->hz) * table->hz;
		bucket->cost = hashlimit_table_byte_price(average, table->hz);
		bucket->cap = parameters->burst;
	} else {
		bucket->credit = hashlimit_table_credits(parameters->average * parameters->burst, table->hz);
		bucket->cost = hashlimit_table_credits(parameters->average, table->hz);
		bucket->cap = bucket->credit;
	}
}

static void refill_credit(const struct hashlimit_table *table, struct bucket *bucket, uint64_t delta)
{
	uint64_t before = bucket->credit, cap = bucket->cap;

	if (table->parameters.mode & HASHLIMIT_BYTES) {
		cap = byte_credits_per_jiffy(table->hz) * table->hz;
		bucket->credit += byte_credits_per_jiffy(table->hz) * delta;
		if (before >= bucket->credit)
			bucket->credit = cap;	/* overflow */
	} else {
		bucket->credit += credits_per_jiffy(table->hz) * delta;
	}
	if (bucket->credit > cap)
		bucket->credit = cap;
}

static void refill(const struct hashlimit_table *table, struct bucket *bucket, int64_t now)
{
	uint64_t delta = (uint64_t)(now - bucket->last), interval = (uint64_t)bucket->interval * table->hz;

	if (delta == 0)
		return;
	if (table->parameters.mode & HASHLIMIT_RATE_MATCH) {
		if (delta < interval)
			return;
		bucket->last = now;
		bucket->was_over = bucket->current_rate * interval > delta * bucket->rate;
		bucket->current_rate = 0;
		return;
	}
	bucket->last = now;
	refill_credit(table, bucket, delta);
}

/* NULL when the table is full. */
static struct bucket *add(struct hashlimit_table *table, const struct hashlimit_key *key, int64_t now)
{
	struct bucket *bucket, **slot;

	if (table->n_entries >= table->parameters.max)
		sweep(table, now);
	if (table->n_entries >= table->parameters.max)
		return NULL;
	if (++table->n_entries > table->n_slots)
		grow(table);
	bucket = pool_take(&table->pool);
	slot = slot_of(table, key);
	bucket->key = *key;
	bucket->next = *slot;
	*slot = bucket;
	fill(table, bucket, now);
	return bucket;
}

static struct bucket *find_or_add(struct hashlimit_table *table, const struct hashlimit_key *key, int64_t now)
{
	struct bucket *bucket = *slot_of(table, key);

	while (bucket && memcmp(&bucket->key, key, sizeof(*key)) != 0)
		bucket = bucket->next;
	if (!bucket)
		bucket = add(table, key, now);
	else if (now >= bucket->expires)
		fill(table, bucket, now);	/* the old one was gone */
	else
		refill(table, bucket, now);
	return bucket;
}

/* Linux 6.18, hashlimit_byte_cost(): an empty bucket may be filled up as often as the burst says. */
static uint64_t byte_cost(const struct hashlimit_table *table, struct bucket *bucket, uint32_t len)
{
	uint64_t whole = byte_credits_per_jiffy(table->hz) * table->hz;
	uint64_t cost = ((len >> HASHLIMIT_BYTE_SHIFT) + 1) * bucket->cost;

	if (cost > whole)
		cost = whole;
	if (bucket->credit < cost && bucket->cap) {
		bucket->cap--;
		bucket->credit = whole;
	}
	return (uint32_t)cost;
}

static struct hashlimit_level level_of(const struct hashlimit_table *table, const struct bucket *bucket, uint64_t cost)
{
	bool is_bytes = (table->parameters.mode & HASHLIMIT_BYTES) != 0;
	uint64_t refill = (is_bytes ? byte_credits_per_jiffy(table->hz) : credits_per_jiffy(table->hz)) * table->hz;

	return (struct hashlimit_level){ .credit = bucket->credit, .cost = cost, .cap = is_bytes ? refill : bucket->cap,
					 .refill = refill };
}

struct hashlimit_charge hashlimit_table_charge(struct hashlimit_table *table, const struct hashlimit_key *key, uint32_t mode,
					       uint32_t packet_len, struct vtime now)
{
	int64_t jiffy = vtime_jiffies(now, table->hz);
	struct bucket *bucket = find_or_add(table, key, jiffy);
	struct hashlimit_charge charge = { .result = HASHLIMIT_FULL };
	uint64_t cost;

	if (!bucket)
		return charge;
	/* msecs_to_jiffies() rounds up. */
	bucket->expires = jiffy + ((int64_t)table->parameters.expire * table->hz + MS - 1) / MS;
	charge.result = HASHLIMIT_OVER;
	if (mode & HASHLIMIT_RATE_MATCH) {
		bucket->current_rate += mode & HASHLIMIT_BYTES ? packet_len : 1;
		if (!bucket->was_over && bucket->current_rate <= (uint64_t)bucket->burst)
			charge.result = HASHLIMIT_UNDER;
		return charge;
	}
	cost = mode & HASHLIMIT_BYTES ? byte_cost(table, bucket, packet_len) : bucket->cost;
	charge.level = level_of(table, bucket, cost);
	if (bucket->credit < cost)
		return charge;
	bucket->credit -= cost;
	charge.result = HASHLIMIT_UNDER;
	return charge;
}
