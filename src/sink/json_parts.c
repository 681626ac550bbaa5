/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sink/json_parts.h"

#include "packet/packet.h"
#include "packet/protocol.h"
#include "packet/summary.h"
#include "sink/entry_print.h"
#include "sink/expectation_print.h"

const char *json_parts_family(uint8_t family)
{
	return family == FAMILY_IPV6 ? "ipv6" : "ipv4";
}

static void add_rule_keys(struct json_writer *writer, const struct rule_place *place)
{
	json_writer_add_word(writer, "table", place->table);
	json_writer_add_string(writer, "chain", place->chain);
	if (place->number) {
		json_writer_add_u64(writer, "rule", place->number);
	} else {
		json_writer_add_null(writer, "rule");
		json_writer_add_bool(writer, "policy", true);
	}
}

void json_parts_add_rule_name(struct json_writer *writer, const char *key, const struct rule_place *place)
{
	json_writer_open_object(writer, key);
	add_rule_keys(writer, place);
	json_writer_close_object(writer);
}

void json_parts_add_rule(struct json_writer *writer, const char *key, const struct rule_place *place)
{
	if (!place) {
		json_writer_add_null(writer, key);
		return;
	}
	json_writer_open_object(writer, key);
	add_rule_keys(writer, place);
	json_writer_add_name(writer, "file", place->file);
	if (place->line)
		json_writer_add_u64(writer, "line", place->line);
	else
		json_writer_add_null(writer, "line");
	json_writer_add_string(writer, "text", place->text);
	json_writer_close_object(writer);
}

void json_parts_add_summary(struct json_writer *writer, const struct packet *packet)
{
	size_t start = json_writer_begin_string(writer, "summary");

	summary_print(packet, writer->out);
	if (summary_is_plain(packet))
		json_writer_end_word(writer);
	else
		json_writer_end_string(writer, start);
}

void json_parts_add_own_summary(struct json_writer *writer, const struct packet *packet, struct json_kept *kept)
{
	char *at;

	kept->packet = NULL;
	if (!summary_is_ordinary(packet)) {
		json_parts_add_summary(writer, packet);
		return;
	}
	kept->packet = packet;
	printed_ends_make(&kept->ends, packet);
	at = json_writer_begin(writer, "summary", SUMMARY_ORDINARY_ROOM + 2);
	*at++ = '"';
	at = summary_write_ordinary(at, packet, &kept->ends, SUMMARY_ADDRESSES | SUMMARY_TCP_NUMBERS);
	*at++ = '"';
	text_end_at(writer->out, at);
}

void json_parts_add_packets(struct json_writer *writer, const char *key, const uint64_t *packets, size_t n_packets)
{
	json_writer_open_array(writer, key);
	for (size_t i = 0; i < n_packets; i++)
		json_writer_add_u64(writer, NULL, packets[i]);
	json_writer_close_array(writer);
}

static void add_address(struct json_writer *writer, const char *key, const struct tuple *tuple,
			const struct address *address)
{
	char *at = json_writer_begin(writer, key, ADDRESS_ROOM + 2);

	*at++ = '"';
	at = address_write(at, tuple->family, address);
	*at++ = '"';
	text_end_at(writer->out, at);
}

/* An end of the tuple, which may be one of the packet's; else it is made in `room`. */
static const struct printed_end *find_end(const struct json_kept *kept, enum family family, const struct address *address,
					  uint16_t port, struct printed_end *room)
{
	const struct packet *packet = kept ? kept->packet : NULL;

	if (packet && packet->family == family) {
		if (packet->source_port == port && address_is_equal(&packet->source, address))
			return &kept->ends.source;
		if (packet->destination_port == port && address_is_equal(&packet->destination, address))
			return &kept->ends.destination;
	}
	printed_end_make(room, family, address, true, port);
	return room;
}

/* What most tuples are, at once: behind the brace that opens the object, to the one that closes it. */
static void add_ends_with_ports(struct json_writer *writer, const struct tuple *tuple, const struct json_kept *kept)
{
	static const char names[] = "\"src\":\"\",\"dst\":\"\",\"sport\":,\"dport\":}";
	enum family family = (enum family)tuple->family;
	const struct printed_end *source, *destination;
	struct printed_ends room;
	char *at = text_room(writer->out, sizeof(names) + 2 * (ADDRESS_ROOM + PRINTED_PORT_ROOM));

	source = find_end(kept, family, &tuple->source, tuple->source_port, &room.source);
	destination = find_end(kept, family, &tuple->destination, tuple->destination_port, &room.destination);
	at = printed_end_write_address(source, text_write(at, "\"src\":\""));
	at = printed_end_write_address(destination, text_write(at, "\",\"dst\":\""));
	at = printed_end_write_port(source, text_write(at, "\",\"sport\":"));
	at = printed_end_write_port(destination, text_write(at, ",\"dport\":"));
	text_end_at(writer->out, text_write(at, "}"));
	writer->needs_comma = true;
}

static void add_tuple(struct json_writer *writer, const char *key, const struct tuple *tuple, const struct json_kept *kept)
{
	json_writer_open_object(writer, key);
	if (entry_print_has_ports(tuple)) {
		add_ends_with_ports(writer, tuple, kept);
		return;
	}
	add_address(writer, "src", tuple, &tuple->source);
	add_address(writer, "dst", tuple, &tuple->destination);
	if (tuple->protocol == PROTOCOL_ICMP || tuple->protocol == PROTOCOL_ICMPV6) {
		json_writer_add_u64(writer, "type", tuple->destination_port >> 8);
		json_writer_add_u64(writer, "code", tuple->destination_port & 0xff);
		json_writer_add_u64(writer, "id", tuple->source_port);
	} else if (tuple->protocol == PROTOCOL_GRE) {
		json_writer_add_u64(writer, "srckey", tuple->source_port);
		json_writer_add_u64(writer, "dstkey", tuple->destination_port);
	}
	json_writer_close_object(writer);
}

void json_parts_add_addresses(struct json_writer *writer, const char *key, const struct tuple *tuple)
{
	if (tuple)
		add_tuple(writer, key, tuple, NULL);
	else
		json_writer_add_null(writer, key);
}

/* A number in a string: whole seconds, as all times are strings, and protocols without a name. */
static void add_digits(struct json_writer *writer, const char *key, uint32_t value)
{
	char *at = json_writer_begin(writer, key, TEXT_U64_ROOM + 2);

	*at++ = '"';
	at = text_write_u64(at, value);
	*at++ = '"';
	text_end_at(writer->out, at);
}

static void add_protocol(struct json_writer *writer, uint8_t protocol)
{
	const char *name = entry_print_protocol(protocol);

	if (!name)
		name = protocol_name(protocol);
	if (name)
		json_writer_add_word(writer, "l4", name);
	else
		add_digits(writer, "l4", protocol);
}

/* Bits that say how far the kernel's own work has come, not what the entry is. */
static const uint32_t internal_bits = STATUS_SRC_NAT_DONE | STATUS_DST_NAT_DONE | STATUS_TEMPLATE;

static void write_state(struct json_writer *writer, const struct entry_view *entry)
{
	json_writer_add_word(writer, "state", entry->state);
	json_writer_open_array(writer, "status");
	for (unsigned bit = 0; bit < WORDS_STATUS_BITS; bit++)
		if (entry->status & ~internal_bits & 1u << bit && status_bit_name(bit))
			json_writer_add_word(writer, NULL, status_bit_name(bit));
	json_writer_close_array(writer);
}

static void print_state(const void *what, struct piece *piece)
{
	struct json_writer writer;

	json_writer_init_piece(&writer, &piece->printed);
	write_state(&writer, what);
}

static void add_state(struct json_writer *writer, const struct entry_view *entry, struct json_kept *kept)
{
	const uint64_t words[] = { entry->status, pieces_pointer(entry->state) };
	const struct piece_key key = { words, sizeof(words) / sizeof(words[0]) };

	if (kept)
		pieces_append(&kept->states, &key, print_state, entry, writer->out);
	else
		write_state(writer, entry);
}

static void add_counts(struct json_writer *writer, const char *key, const uint64_t counts[2])
{
	json_writer_open_object(writer, key);
	json_writer_add_u64(writer, "original", counts[DIRECTION_ORIGINAL]);
	json_writer_add_u64(writer, "reply", counts[DIRECTION_REPLY]);
	json_writer_close_object(writer);
}

/* What is printed of each entry before its state, in one go. */
static void add_entry_head(struct json_writer *writer, const struct entry_view *entry, struct vtime now)
{
	static const char keys[] = "\"id\":,\"l3\":\"ipv4\",\"l4\":\"\",\"timeout\":\"\"";
	uint8_t family = entry->tuple[DIRECTION_ORIGINAL].family, protocol = entry->tuple[DIRECTION_ORIGINAL].protocol;
	const char *name = entry_print_protocol(protocol);
	size_t name_len;
	char *at;

	if (!name)
		name = protocol_name(protocol);
	name_len = name ? strlen(name) : 0;
	at = text_room(writer->out, sizeof(keys) + name_len + 3 * TEXT_U64_ROOM);
	at = text_write_u64(text_write(at, "\"id\":"), entry->id);
	at = text_write(at, ",\"l3\":\"");
	at = text_write(at, json_parts_family(family));
	at = text_write(at, "\",\"l4\":\"");
	at = name ? text_write_bytes(at, name, name_len) : text_write_u64(at, protocol);
	at = text_write(at, "\",\"timeout\":\"");
	at = text_write_u64(at, vtime_seconds_left(entry->deadline, now, entry->hz));
	text_end_at(writer->out, text_write(at, "\""));
	writer->needs_comma = true;
}

void json_parts_add_entry(struct json_writer *writer, const char *key, const struct entry_view *entry,
			  struct vtime now, struct json_kept *kept)
{
	const struct tuple *original, *reply;

	if (!entry) {
		json_writer_add_null(writer, key);
		return;
	}
	original = &entry->tuple[DIRECTION_ORIGINAL];
	reply = &entry->tuple[DIRECTION_REPLY];
	json_writer_open_object(writer, key);
	add_entry_head(writer, entry, now);
	add_state(writer, entry, kept);
	add_tuple(writer, "original", original, kept);
	add_tuple(writer, "reply", reply, kept);
	json_writer_add_u64(writer, "mark", entry->mark);
	json_writer_add_u64(writer, "zone", original->zone ? original->zone : reply->zone);
	if (original->zone != reply->zone)
		json_writer_add_word(writer, "zone_direction", original->zone ? "original" : "reply");
	if (entry->has_counters) {
		add_counts(writer, "packets", entry->n_packets);
		add_counts(writer, "bytes", entry->n_bytes);
	}
	if (entry->has_start)
		json_writer_add_time(writer, "start", entry->start);
	if (entry->helper)
		json_writer_add_string(writer, "helper", entry->helper);
	if (entry->master_id) {
		json_writer_add_u64(writer, "master", entry->master_id);
		json_writer_add_string(writer, "expected_by", entry->expected_by);
	}
	json_writer_close_object(writer);
}

void json_parts_add_expectation(struct json_writer *writer, const char *key, const struct expectation_view *expectation,
				struct vtime now)
{
	struct tuple mask = expectation_print_mask(expectation);

	json_writer_open_object(writer, key);
	json_writer_add_u64(writer, "id", expectation->id);
	json_writer_add_u64(writer, "master", expectation->master_id);
	json_writer_add_string(writer, "helper", expectation->helper);
	json_writer_add_u64(writer, "class", expectation->class);
	json_writer_add_name(writer, "class_name", expectation->class_name);
	json_writer_add_word(writer, "l3", json_parts_family(expectation->tuple.family));
	add_protocol(writer, expectation->tuple.protocol);
	add_digits(writer, "timeout", vtime_seconds_left(expectation->deadline, now, expectation->hz));
	json_parts_add_addresses(writer, "expected", &expectation->tuple);
	json_parts_add_addresses(writer, "mask", &mask);
	json_writer_open_array(writer, "flags");
	for (unsigned bit = 0; bit < WORDS_EXPECTATION_FLAGS; bit++)
		if (expectation->flags & 1u << bit)
			json_writer_add_string(writer, NULL, expectation_flag_name(bit));
	json_writer_close_array(writer);
	json_writer_close_object(writer);
}

/* What the rule allows; null: it says nothing of addresses or ports. */
static void add_range(struct json_writer *writer, const struct event_binding *binding)
{
	if (!binding->rule || (!binding->has_addresses && !binding->has_ports)) {
		json_writer_add_null(writer, "range");
		return;
	}
	json_writer_open_object(writer, "range");
	if (binding->has_addresses) {
		add_address(writer, "first", &binding->before, &binding->first);
		add_address(writer, "last", &binding->before, &binding->last);
	}
	if (binding->has_ports) {
		json_writer_add_u64(writer, "first_port", binding->first_port);
		json_writer_add_u64(writer, "last_port", binding->last_port);
	}
	json_writer_close_object(writer);
}

void json_parts_add_binding(struct json_writer *writer, const struct event_binding *binding)
{
	json_writer_add_u64(writer, "entry", binding->entry);
	json_writer_add_string(writer, "side", binding->is_source ? "source" : "destination");
	json_parts_add_rule(writer, "rule", binding->rule);
	json_parts_add_addresses(writer, "before", &binding->before);
	json_parts_add_addresses(writer, "after", &binding->after);
	add_range(writer, binding);
	json_writer_add_string(writer, "how", binding->how);
	if (binding->ended)
		json_writer_add_u64(writer, "ended", binding->ended);
	json_writer_add_u64(writer, "asked", binding->n_tried);
	json_writer_open_array(writer, "tried");
	for (uint32_t i = 0; i < binding->n_tried && i < BINDING_MOST_TOLD; i++) {
		json_writer_open_object(writer, NULL);
		json_writer_add_u64(writer, "port", binding->tried[i].port);
		if (binding->tried[i].taken_by)
			json_writer_add_u64(writer, "taken_by", binding->tried[i].taken_by);
		else
			json_writer_add_null(writer, "taken_by");
		json_writer_close_object(writer);
	}
	json_writer_close_array(writer);
}
