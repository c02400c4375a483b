// The three names of ankerl::unordered_dense that the worker uses, on the standard containers.
//
// Differences that were checked against the worker's source: the original keeps insertion order and moves its last
// element on erase; nothing relies on either. The standard containers are slower to iterate and never move elements.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <type_traits>
#include <unordered_map>
#include <unordered_set>

namespace ankerl::unordered_dense
{
	// std::hash is the identity for numbers. The worker combines such hashes of addresses and ports that a remote
	// peer chooses, so numbers are mixed (the splitmix64 finaliser) to spread over the buckets.
	template<typename Key>
	struct hash
	{
		size_t operator()(const Key& key) const
		{
			if constexpr (std::is_integral_v<Key> || std::is_enum_v<Key>)
			{
				auto bits = static_cast<uint64_t>(key);
				bits      = (bits ^ (bits >> 30)) * 0xbf58476d1ce4e5b9u;
				bits      = (bits ^ (bits >> 27)) * 0x94d049bb133111ebu;

				return static_cast<size_t>(bits ^ (bits >> 31));
			}
			else
			{
				return std::hash<Key>{}(key);
			}
		}
	};

	template<typename Key, typename Value, typename Hash = hash<Key>>
	using map = std::unordered_map<Key, Value, Hash>;

	template<typename Key, typename Hash = hash<Key>>
	using set = std::unordered_set<Key, Hash>;
} // namespace ankerl::unordered_dense
