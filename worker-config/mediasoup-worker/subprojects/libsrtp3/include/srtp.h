// The part of libsrtp 3's interface that the worker uses, on libsrtp 2.5 (Debian's).
//
// Names that both versions have are overloaded here: a call with version 3's arguments finds the function below.
// Three things differ, and each is security relevant:
// - Version 3 is told the size of the output buffer, version 2 trusts its caller. Every function here checks that the
//   packet and the longest possible trailer fit before it calls version 2.
// - Version 3 writes into another buffer, version 2 works in place. Packets are moved to the output first.
// - Version 3 takes key and salt apart and owns a copy, version 2 takes a pointer to both joined, of a length that
//   it does not check. The policy below keeps that copy, checks its lengths and zeroes it when destroyed.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <new>
#include <srtp2/srtp.h>

// Error codes that version 3 added after the last one of version 2.
static_assert(srtp_err_status_pkt_idx_adv == 27, "libsrtp 2 has got new error codes: check the two below");
constexpr auto srtp_err_status_buffer_small = static_cast<srtp_err_status_t>(28);
constexpr auto srtp_err_status_cryptex_err  = static_cast<srtp_err_status_t>(29);

namespace srtp3
{
	// RFC 3711: the fixed part of an RTP header, and of an RTCP header with the sender's SSRC.
	constexpr size_t RtpHeaderLen{ 12 };
	constexpr size_t RtcpHeaderLen{ 8 };
	// SRTCP appends the E flag and index (4 bytes) besides what SRTP appends.
	constexpr size_t RtpTrailerMaxLen{ SRTP_MAX_TRAILER_LEN };
	constexpr size_t RtcpTrailerMaxLen{ SRTP_MAX_TRAILER_LEN + 4 };
	// Far above any datagram and far below INT_MAX, as version 2 counts in int.
	constexpr size_t PacketMaxLen{ 65536 };

	struct Policy
	{
		::srtp_policy_t v2{};
		srtp_profile_t profile{ srtp_profile_reserved };
		uint8_t key[SRTP_MAX_KEY_LEN]{};
	};

	// `process` is one of version 2's four in-place functions.
	template<typename Process>
	srtp_err_status_t RunInPlace(
	  Process process,
	  srtp_t ctx,
	  const uint8_t* in,
	  size_t inLen,
	  uint8_t* out,
	  size_t* outLen,
	  size_t minLen,
	  size_t trailerMaxLen)
	{
		if (ctx == nullptr || in == nullptr || out == nullptr || outLen == nullptr)
		{
			return srtp_err_status_bad_param;
		}

		if (inLen < minLen || inLen > PacketMaxLen)
		{
			return srtp_err_status_bad_param;
		}

		if (*outLen < inLen + trailerMaxLen)
		{
			return srtp_err_status_buffer_small;
		}

		if (out != in)
		{
			std::memmove(out, in, inLen);
		}

		int len                     = static_cast<int>(inLen);
		const srtp_err_status_t err = process(ctx, out, &len);

		if (err != srtp_err_status_ok)
		{
			return err;
		}

		if (len < 0 || static_cast<size_t>(len) > *outLen)
		{
			return srtp_err_status_fail;
		}

		*outLen = static_cast<size_t>(len);

		return srtp_err_status_ok;
	}
} // namespace srtp3

inline srtp_err_status_t srtp_policy_create(srtp3::Policy** policy)
{
	*policy = new (std::nothrow) srtp3::Policy;

	return *policy == nullptr ? srtp_err_status_alloc_fail : srtp_err_status_ok;
}

inline void srtp_policy_destroy(srtp3::Policy* policy)
{
	if (policy != nullptr)
	{
		// Unlike memset, it is never optimised away.
		explicit_bzero(policy->key, sizeof(policy->key));
		delete policy;
	}
}

inline srtp_err_status_t srtp_policy_set_ssrc(srtp3::Policy* policy, srtp_ssrc_t ssrc)
{
	policy->v2.ssrc = ssrc;

	return srtp_err_status_ok;
}

inline srtp_err_status_t srtp_policy_set_profile(srtp3::Policy* policy, srtp_profile_t profile)
{
	srtp_err_status_t err = srtp_crypto_policy_set_from_profile_for_rtp(&policy->v2.rtp, profile);

	if (err == srtp_err_status_ok)
	{
		err = srtp_crypto_policy_set_from_profile_for_rtcp(&policy->v2.rtcp, profile);
	}

	if (err == srtp_err_status_ok)
	{
		policy->profile = profile;
	}

	return err;
}

// The profile must be set before, as the lengths are checked against it. No MKI, as the worker uses none.
inline srtp_err_status_t srtp_policy_add_key(
  srtp3::Policy* policy,
  const uint8_t* key,
  size_t keyLen,
  const uint8_t* salt,
  size_t saltLen,
  const uint8_t* /*mki*/,
  size_t mkiLen)
{
	if (
	  policy->profile == srtp_profile_reserved || policy->v2.key != nullptr || mkiLen != 0 ||
	  keyLen != srtp_profile_get_master_key_length(policy->profile) ||
	  saltLen != srtp_profile_get_master_salt_length(policy->profile) ||
	  keyLen + saltLen > sizeof(policy->key) ||
	  keyLen + saltLen != static_cast<size_t>(policy->v2.rtp.cipher_key_len))
	{
		return srtp_err_status_bad_param;
	}

	std::memcpy(policy->key, key, keyLen);
	std::memcpy(policy->key + keyLen, salt, saltLen);
	policy->v2.key = policy->key;

	return srtp_err_status_ok;
}

inline srtp_err_status_t srtp_policy_set_allow_repeat_tx(srtp3::Policy* policy, bool allow)
{
	policy->v2.allow_repeat_tx = allow ? 1 : 0;

	return srtp_err_status_ok;
}

inline srtp_err_status_t srtp_policy_set_window_size(srtp3::Policy* policy, size_t size)
{
	policy->v2.window_size = size;

	return srtp_err_status_ok;
}

// Version 2 copies the key into the session, so that the policy may go afterwards.
inline srtp_err_status_t srtp_create(srtp_t* session, srtp3::Policy* policy)
{
	if (policy->v2.key == nullptr)
	{
		return srtp_err_status_bad_param;
	}

	return srtp_create(session, &policy->v2);
}

// `ssrc` is in network byte order, in both versions.
inline srtp_err_status_t srtp_stream_remove(srtp_t session, uint32_t ssrc)
{
	return srtp_remove_stream(session, ssrc);
}

inline srtp_err_status_t srtp_protect(
  srtp_t ctx, const uint8_t* in, size_t inLen, uint8_t* out, size_t* outLen, size_t mkiIndex)
{
	if (mkiIndex != 0)
	{
		return srtp_err_status_bad_mki;
	}

	return srtp3::RunInPlace(
	  [](srtp_t c, void* p, int* l) { return srtp_protect(c, p, l); },
	  ctx,
	  in,
	  inLen,
	  out,
	  outLen,
	  srtp3::RtpHeaderLen,
	  srtp3::RtpTrailerMaxLen);
}

inline srtp_err_status_t srtp_protect_rtcp(
  srtp_t ctx, const uint8_t* in, size_t inLen, uint8_t* out, size_t* outLen, size_t mkiIndex)
{
	if (mkiIndex != 0)
	{
		return srtp_err_status_bad_mki;
	}

	return srtp3::RunInPlace(
	  [](srtp_t c, void* p, int* l) { return srtp_protect_rtcp(c, p, l); },
	  ctx,
	  in,
	  inLen,
	  out,
	  outLen,
	  srtp3::RtcpHeaderLen,
	  srtp3::RtcpTrailerMaxLen);
}

inline srtp_err_status_t srtp_unprotect(
  srtp_t ctx, const uint8_t* in, size_t inLen, uint8_t* out, size_t* outLen)
{
	return srtp3::RunInPlace(
	  [](srtp_t c, void* p, int* l) { return srtp_unprotect(c, p, l); },
	  ctx,
	  in,
	  inLen,
	  out,
	  outLen,
	  srtp3::RtpHeaderLen,
	  0);
}

inline srtp_err_status_t srtp_unprotect_rtcp(
  srtp_t ctx, const uint8_t* in, size_t inLen, uint8_t* out, size_t* outLen)
{
	return srtp3::RunInPlace(
	  [](srtp_t c, void* p, int* l) { return srtp_unprotect_rtcp(c, p, l); },
	  ctx,
	  in,
	  inLen,
	  out,
	  outLen,
	  srtp3::RtcpHeaderLen,
	  0);
}

// From here on the name means version 3's opaque pointer.
using srtp_policy3_t = srtp3::Policy*;
#define srtp_policy_t srtp_policy3_t
