/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "packet/address.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <string.h>
#include <sys/socket.h>

enum { ADDRESS_LONGEST = 64 };

static size_t n_bytes(enum family family)
{
	return family == FAMILY_IPV6 ? 16 : 4;
}

uint32_t address_ipv4(const struct address *address)
{
	return ntohl(address->word[0]);
}

struct address address_from_ipv4(uint32_t host_order)
{
	return (struct address){ .word = { htonl(host_order) } };
}

int address_compare(const struct address *a, const struct address *b)
{
	return memcmp(a->word, b->word, sizeof(a->word));
}

struct address address_prefix_mask(enum family family, unsigned prefix_len)
{
	struct address mask = { .word = { 0 } };

	if (prefix_len > n_bytes(family) * 8)
		prefix_len = (unsigned)n_bytes(family) * 8;
	for (unsigned i = 0; i < 4 && prefix_len; i++) {
		unsigned bits = prefix_len < 32 ? prefix_len : 32;

		mask.word[i] = htonl(UINT32_MAX << (32 - bits));
		prefix_len -= bits;
	}
	return mask;
}

int address_mask_prefix_len(enum family family, const struct address *mask)
{
	int prefix_len = 0;
	struct address same;

	for (unsigned i = 0; i < n_bytes(family) / 4; i++) {
		uint32_t word = ntohl(mask->word[i]);

		for (; word & 0x80000000u; word <<= 1)
			prefix_len++;
		if (prefix_len % 32 || prefix_len / 32 != (int)i + 1)
			break;
	}
	same = address_prefix_mask(family, (unsigned)prefix_len);
	return address_is_equal(mask, &same) ? prefix_len : -1;
}

bool address_parse(const char *text, size_t len, enum family *family, struct address *address)
{
	char copy[ADDRESS_LONGEST];
	uint8_t bytes[16];

	if (len == 0 || len >= sizeof(copy) || memchr(text, '\0', len))
		return false;
	memcpy(copy, text, len);
	copy[len] = '\0';
	if (inet_pton(AF_INET, copy, bytes) == 1)
		*family = FAMILY_IPV4;
	else if (inet_pton(AF_INET6, copy, bytes) == 1)
		*family = FAMILY_IPV6;
	else
		return false;
	*address = address_from_bytes(*family, bytes);
	return true;
}

/* One to three decimal digits, at most `most`. */
static bool parse_prefix_len(const char *text, size_t len, unsigned most, unsigned *prefix_len)
{
	*prefix_len = 0;
	if (len == 0 || len > 3)
		return false;
	for (size_t i = 0; i < len; i++) {
		if (!isdigit((unsigned char)text[i]))
			return false;
		*prefix_len = *prefix_len * 10 + (unsigned)(text[i] - '0');
	}
	return *prefix_len <= most;
}

bool address_parse_masked(const char *text, size_t len, enum family *family, struct masked_address *range)
{
	const char *slash = memchr(text, '/', len);
	size_t address_len = slash ? (size_t)(slash - text) : len, mask_len = slash ? len - address_len - 1 : 0;
	enum family mask_family;
	unsigned most, prefix_len;

	if (!address_parse(text, address_len, family, &range->address))
		return false;
	most = (unsigned)n_bytes(*family) * 8;
	if (!slash)
		range->mask = address_prefix_mask(*family, most);
	else if (parse_prefix_len(slash + 1, mask_len, most, &prefix_len))
		range->mask = address_prefix_mask(*family, prefix_len);
	else if (!address_parse(slash + 1, mask_len, &mask_family, &range->mask) || mask_family != *family)
		return false;
	for (unsigned i = 0; i < 4; i++)
		range->address.word[i] &= range->mask.word[i];
	return true;
}

/* "0." to "255.", four bytes each: every line of output has four addresses. */
static const char octets[] =
	"0.  1.  2.  3.  4.  5.  6.  7.  8.  9.  10. 11. 12. 13. 14. 15. "
	"16. 17. 18. 19. 20. 21. 22. 23. 24. 25. 26. 27. 28. 29. 30. 31. "
	"32. 33. 34. 35. 36. 37. 38. 39. 40. 41. 42. 43. 44. 45. 46. 47. "
	"48. 49. 50. 51. 52. 53. 54. 55. 56. 57. 58. 59. 60. 61. 62. 63. "
	"64. 65. 66. 67. 68. 69. 70. 71. 72. 73. 74. 75. 76. 77. 78. 79. "
	"80. 81. 82. 83. 84. 85. 86. 87. 88. 89. 90. 91. 92. 93. 94. 95. "
	"96. 97. 98. 99. 100.101.102.103.104.105.106.107.108.109.110.111."
	"112.113.114.115.116.117.118.119.120.121.122.123.124.125.126.127."
	"128.129.130.131.132.133.134.135.136.137.138.139.140.141.142.143."
	"144.145.146.147.148.149.150.151.152.153.154.155.156.157.158.159."
	"160.161.162.163.164.165.166.167.168.169.170.171.172.173.174.175."
	"176.177.178.179.180.181.182.183.184.185.186.187.188.189.190.191."
	"192.193.194.195.196.197.198.199.200.201.202.203.204.205.206.207."
	"208.209.210.211.212.213.214.215.216.217.218.219.220.221.222.223."
	"224.225.226.227.228.229.230.231.232.233.234.235.236.237.238.239."
	"240.241.242.243.244.245.246.247.248.249.250.251.252.253.254.255.";

/* Writes the number and a point, and what else has room in four bytes; returns what is behind the point. */
static char *write_octet(char *at, unsigned octet)
{
	memcpy(at, octets + 4 * (size_t)octet, 4);
	return at + 2 + (octet >= 10) + (octet >= 100);
}

static char *write_ipv4(char *at, uint32_t bits)
{
	at = write_octet(at, bits >> 24);
	at = write_octet(at, bits >> 16 & 0xff);
	at = write_octet(at, bits >> 8 & 0xff);
	return write_octet(at, bits & 0xff) - 1;
}

/* Of eight groups the longest run of zeros, the first of equals; shorter than two it is none, at 8. */
static unsigned find_zeros(const unsigned *groups, unsigned *len)
{
	unsigned best = 8, run = 0;

	*len = 1;
	for (unsigned i = 0; i < 8; i++) {
		run = groups[i] ? 0 : run + 1;
		if (run > *len) {
			*len = run;
			best = i + 1 - run;
		}
	}
	return best;
}

static char *write_group(char *at, unsigned group)
{
	for (int shift = 12; shift >= 0; shift -= 4)
		if (group >> shift || !shift)
			*at++ = "0123456789abcdef"[group >> shift & 0xf];
	return at;
}

/* As inet_ntop() of the GNU C library, which iptables and conntrack use: those of other systems shorten otherwise. */
static char *write_ipv6(char *at, const struct address *address)
{
	unsigned groups[8], zeros, n_zeros, n = 8;

	for (unsigned i = 0; i < 8; i++)
		groups[i] = ntohl(address->word[i / 2]) >> (i % 2 ? 0 : 16) & 0xffff;
	zeros = find_zeros(groups, &n_zeros);
	/* ::1.2.3.4 and ::ffff:1.2.3.4 */
	if (zeros == 0 && (n_zeros == 6 || (n_zeros == 5 && groups[5] == 0xffff)))
		n = 6;
	for (unsigned i = 0; i < n; i++) {
		if (i == zeros) {
			*at++ = ':';
			i += n_zeros - 1;
			if (i == 7)
				*at++ = ':';
			continue;
		}
		if (i)
			*at++ = ':';
		at = write_group(at, groups[i]);
	}
	if (n == 8)
		return at;
	*at++ = ':';
	return write_ipv4(at, ntohl(address->word[3]));
}

char *address_write(char *at, enum family family, const struct address *address)
{
	return family == FAMILY_IPV6 ? write_ipv6(at, address) : write_ipv4(at, address_ipv4(address));
}

void address_print(enum family family, const struct address *address, struct text *out)
{
	text_end_at(out, address_write(text_room(out, ADDRESS_ROOM), family, address));
}

void address_print_long(enum family family, const struct address *address, struct text *out)
{
	if (family != FAMILY_IPV6) {
		address_print(family, address, out);
		return;
	}
	for (unsigned i = 0; i < 4; i++) {
		uint32_t word = ntohl(address->word[i]);

		text_printf(out, "%s%04x:%04x", i ? ":" : "", word >> 16, word & 0xffff);
	}
}

void address_print_masked(enum family family, const struct masked_address *range, struct text *out)
{
	int prefix_len = address_mask_prefix_len(family, &range->mask);

	address_print(family, &range->address, out);
	text_append_char(out, '/');
	if (prefix_len >= 0)
		text_append_u64(out, (uint64_t)prefix_len);
	else
		address_print(family, &range->mask, out);
}
