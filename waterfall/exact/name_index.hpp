// NameIndex: finds the place of a name in a list that holds the names, so that none is stored
// twice.
//
// A pool asks for a name two or three times in the life of each of 10^4 to 10^6 receivables: open
// addressing, eight bytes a slot, at least half of them free.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <string_view>
#include <vector>

namespace tranchain {

class NameIndex {
public:
    static constexpr std::uint32_t none = UINT32_MAX;

    /// Place of the name, or none. `name_at(place)` is the name at a place given to insert().
    template <class NameAt>
    [[nodiscard]] std::uint32_t find(std::string_view name, NameAt name_at) const
    {
        return slots_.empty() ? none : slots_[slot_of(hash_of(name), name, name_at)].place;
    }
    /// Adds a name; false, and nothing is added, if it is there already.
    template <class NameAt>
    bool insert(std::string_view name, std::uint32_t place, NameAt name_at)
    {
        reserve(size_ + 1);
        const std::uint32_t hash = hash_of(name);
        Slot& slot = slots_[slot_of(hash, name, name_at)];
        if (slot.place != none) return false;
        slot = {hash, place};
        ++size_;
        return true;
    }
    /// Room for so many names in all.
    void reserve(std::size_t names)
    {
        if (2 * names <= slots_.size()) return;
        std::size_t size = 16;
        while (size < 2 * names) size *= 2;
        std::vector<Slot> old(size);
        old.swap(slots_);
        for (const Slot& slot : old) {
            if (slot.place != none) slots_[free_slot(slot.hash)] = slot;
        }
    }
    /// Forgets the names at `place` and after it.
    void erase_from(std::uint32_t place)
    {
        std::vector<Slot> old(slots_.size());
        old.swap(slots_);
        size_ = 0;
        for (const Slot& slot : old) {
            if (slot.place >= place) continue; // none is the largest
            slots_[free_slot(slot.hash)] = slot;
            ++size_;
        }
    }

private:
    struct Slot {
        std::uint32_t hash = 0;
        std::uint32_t place = none; ///< none: the slot is free
    };
    static std::uint32_t hash_of(std::string_view name)
    {
        return static_cast<std::uint32_t>(std::hash<std::string_view>{}(name));
    }
    [[nodiscard]] std::size_t next(std::size_t slot) const
    {
        return (slot + 1) & (slots_.size() - 1);
    }
    [[nodiscard]] std::size_t free_slot(std::uint32_t hash) const
    {
        std::size_t slot = hash & (slots_.size() - 1);
        while (slots_[slot].place != none) slot = next(slot);
        return slot;
    }
    /// Where the name is, or a free slot where it would be.
    template <class NameAt>
    [[nodiscard]] std::size_t
    slot_of(std::uint32_t hash, std::string_view name, NameAt name_at) const
    {
        std::size_t slot = hash & (slots_.size() - 1);
        for (; slots_[slot].place != none; slot = next(slot)) {
            if (slots_[slot].hash == hash && name_at(slots_[slot].place) == name) break;
        }
        return slot;
    }

    std::vector<Slot> slots_; ///< a power of two of them, or none at all
    std::size_t size_ = 0;
};

} // namespace tranchain
