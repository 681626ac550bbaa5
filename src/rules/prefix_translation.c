/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "rules/prefix_translation.h"

#include "packet/checksum.h"
#include "rules/options.h"

enum { FROM, TO };

enum {
	PREFIX_MOST = 64, ADDRESS_LEN = 16, N_WORDS = 8,
	LONG_PREFIX = 48, WORD_BEHIND_IT = 3, INTERFACE_IDENTIFIER = 4,
	NOT_ADJUSTABLE = 0xffff,
};

const struct option_spec prefix_translation_options[PREFIX_TRANSLATION_OPTIONS] = {
	{ .name = "src-pfx", .kind = OPTION_ADDRESS, .flags = OPTION_REQUIRED, .mark = FROM,
	  .offset = offsetof(struct prefix_translation, from), .value_name = "prefix/length",
	  .summary = "the prefix of the address before" },
	{ .name = "dst-pfx", .kind = OPTION_ADDRESS, .flags = OPTION_REQUIRED, .mark = TO,
	  .offset = offsetof(struct prefix_translation, to), .value_name = "prefix/length",
	  .summary = "its prefix behind; the longer of both lengths counts" },
};

static bool check_prefix(const struct option_address *prefix, const char *option, uint8_t *prefix_len,
			 const struct extension_place *place, struct diagnostics *diagnostics)
{
	int len = address_mask_prefix_len(FAMILY_IPV6, &prefix->mask);
	uint32_t host_bits = 0;

	for (unsigned i = 0; i < 4; i++)
		host_bits |= prefix->address.word[i] & ~prefix->mask.word[i];
	if (len < 0 || len > PREFIX_MOST)
		diag_error(diagnostics, place->where, NULL, "%s takes a prefix of at most %d bits", option, PREFIX_MOST);
	else if (host_bits)
		diag_error(diagnostics, place->where, "write zeros there", "%s has bits behind its prefix", option);
	else
		*prefix_len = (uint8_t)len;
	return len >= 0 && len <= PREFIX_MOST && !host_bits;
}

/* Ones' complement: one's sum and the complement of the other's. */
static uint16_t difference(const struct address *from, const struct address *to)
{
	uint8_t bytes[2 * ADDRESS_LEN];

	address_to_bytes(FAMILY_IPV6, from, bytes);
	address_to_bytes(FAMILY_IPV6, to, bytes + ADDRESS_LEN);
	for (unsigned i = ADDRESS_LEN; i < 2 * ADDRESS_LEN; i++)
		bytes[i] = (uint8_t)~bytes[i];
	return (uint16_t)~checksum_finish(checksum_add(0, bytes, sizeof(bytes)));
}

bool prefix_translation_check(void *config, const struct extension_place *place, struct diagnostics *diagnostics)
{
	struct prefix_translation *translation = config;
	bool is_ok = check_prefix(&translation->from, "--src-pfx", &translation->from_len, place, diagnostics);

	is_ok = check_prefix(&translation->to, "--dst-pfx", &translation->to_len, place, diagnostics) && is_ok;
	translation->adjustment = difference(&translation->from.address, &translation->to.address);
	return is_ok;
}

static unsigned translated_len(const struct prefix_translation *translation)
{
	return translation->from_len > translation->to_len ? translation->from_len : translation->to_len;
}

/* The word that takes the adjustment; N_WORDS: there is none. */
static unsigned find_word(const uint8_t *bytes, unsigned prefix_len)
{
	unsigned word = INTERFACE_IDENTIFIER;

	if (prefix_len <= LONG_PREFIX)
		return WORD_BEHIND_IT;
	while (word < N_WORDS && (bytes[2 * word] << 8 | bytes[2 * word + 1]) == NOT_ADJUSTABLE)
		word++;
	return word;
}

bool prefix_translation_map(const struct prefix_translation *translation, struct address *address)
{
	unsigned len = translated_len(translation), word;
	struct address mask = address_prefix_mask(FAMILY_IPV6, len);
	uint8_t bytes[ADDRESS_LEN];
	uint16_t sum;

	for (unsigned i = 0; i < 4; i++)
		address->word[i] = (address->word[i] & ~mask.word[i]) | (translation->to.address.word[i] & mask.word[i]);
	address_to_bytes(FAMILY_IPV6, address, bytes);
	word = find_word(bytes, len);
	if (word == N_WORDS)
		return false;
	sum = (uint16_t)~checksum_finish((uint64_t)(bytes[2 * word] << 8 | bytes[2 * word + 1]) + translation->adjustment);
	if (sum == NOT_ADJUSTABLE)
		sum = 0;
	bytes[2 * word] = (uint8_t)(sum >> 8);
	bytes[2 * word + 1] = (uint8_t)sum;
	*address = address_from_bytes(FAMILY_IPV6, bytes);
	return true;
}

bool prefix_translation_holds(const struct prefix_translation *translation, const struct address *address)
{
	return option_address_holds(&translation->from, address);
}

enum target_verdict prefix_translation_refuse(struct subject *subject, uint8_t header_byte)
{
	subject->request.reject = REJECT_PARAMETER_PROBLEM;
	subject->request.reject_code = header_byte;
	subject->request.reject_name = "parameter problem";
	return TARGET_DROP;
}

/*
 * Linux 6.18, icmpv6_bounced_ipv6hdr(): behind extension headers none is looked for; and of a packet that was put together it changes a copy,
 * which nobody looks at, where the quoted header did not come in the first piece.
 */
bool prefix_translation_is_error(const struct packet *packet)
{
	enum { ICMPV6_FIRST_ERROR = 1, ICMPV6_LAST_ERROR = 4, QUOTE_END = 88 };

	if (packet->head_len && packet->head_len < QUOTE_END)
		return false;

	return packet->protocol == PROTOCOL_ICMPV6 && !packet->has_ip_options && packet->has_l4 &&
	       packet->icmp_type >= ICMPV6_FIRST_ERROR && packet->icmp_type <= ICMPV6_LAST_ERROR;
}

static void print_prefix(const struct option_address *prefix, unsigned len, struct text *out)
{
	address_print(FAMILY_IPV6, &prefix->address, out);
	text_printf(out, "/%u", len);
}

static bool is_any(const struct option_address *prefix, unsigned len)
{
	return !len && address_is_unspecified(&prefix->address);
}

/* iptables 1.8.9 leaves ::/0 out, without which it does not take the rule back. */
void prefix_translation_print(const void *config, struct text *out)
{
	const struct prefix_translation *translation = config;

	if (!is_any(&translation->from, translation->from_len)) {
		text_append(out, " --src-pfx ");
		print_prefix(&translation->from, translation->from_len, out);
	}
	if (!is_any(&translation->to, translation->to_len)) {
		text_append(out, " --dst-pfx ");
		print_prefix(&translation->to, translation->to_len, out);
	}
}

void prefix_translation_list(const struct prefix_translation *translation, const char *name, struct text *out)
{
	text_printf(out, " %s src-pfx ", name);
	print_prefix(&translation->from, translation->from_len, out);
	text_append(out, " dst-pfx ");
	print_prefix(&translation->to, translation->to_len, out);
}
