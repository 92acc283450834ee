"""Prompts in many scripts, of any length, and without anything to see."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

WORDS = {
    "Latin": "a lake at dawn under the mountains where über naïve façades señor Ångström drift past Łódź and wait for rain",
    "Greek": "η λίμνη την αυγή κάτω από τα βουνά όπου ένα γλαφυρό φως πέφτει",
    "Cyrillic": "озеро на рассвете под горами где тихо шумит ветер и їжак чекає щастя",
    "Hebrew": "אגם עם שחר מתחת להרים שבהם רוח שקטה נושבת",
    "Arabic": "بحيرة عند الفجر تحت الجبال حيث تهب ريح هادئة لا إله",
    "Devanagari": "भोर में झील पहाड़ों के नीचे जहाँ शांत हवा बहती क्षेत्र",
    "Bengali": "ভোরে হ্রদ পাহাড়ের নিচে যেখানে শান্ত বাতাস বয়",
    "Tamil": "விடியலில் ஏரி மலைகளின் கீழ் அமைதியான காற்று",
    "Thai": "ทะเลสาบ ยามรุ่งอรุณ ใต้ภูเขา ที่ลมสงบ พัดผ่าน",
    "Khmer": "បឹង នៅពេល ព្រលឹម ក្រោម ភ្នំ",
    "Georgian": "ტბა გამთენიისას მთების ქვეშ სადაც წყნარი ქარი ქრის",
    "Armenian": "լիճը լուսադեմին լեռների տակ որտեղ հանգիստ քամի է",
    "Ethiopic": "ሐይቅ ጎህ ሲቀድ ከተራሮች በታች",
    "Chinese": "黎明 的 湖 在 群山 之下 微风 轻拂 画龙点睛",
    "Japanese": "夜明け の 湖 山 の ふもと で 静かな 風 が カタカナ",
    "Korean": "새벽 의 호수 산 아래 고요한 바람 이 분다",
    "emoji": "🌅 🏔️ 👩‍👩‍👧‍👦 🇺🇦 👍🏽 🏴󠁧󠁢󠁳󠁣󠁴󠁿 😀 ❤️‍🔥 1️⃣ 🐈‍⬛",
    "symbols": "∑ ∫ √ ≠ ★ ☂ ♜ → ⇒ © ½ … — “ ” ₿ █ ░ ◆",
}
"""Words of each script, with ligatures, marks and joiners."""

UNSEEN = [
    " ", "\t", "\n", "\u00a0", "\u00ad", "\u0301", "\u200b", "\u200d", "\u200e", "\u202e", "\u2028", "\u3000", "\ufe0f", "\ufeff", "\x01",
    "\x7f",
]
"""Characters that draw nothing, or nothing by themselves."""

LENGTHS = [1, 1, 2, 3, 5, 8, 12, 20, 40]
"""How many words a prompt has, but for the few that are as long as the API allows."""


def prompts(random: Random) -> Iterator[str]:
    """Different prompts, without end."""
    seen: set[str] = set()
    kinds = [of_one_script] * 6 + [of_scripts] * 3 + [of_any_characters] * 2 + [unseen]
    while True:
        kind, length = random.choice(kinds), random.choice(LENGTHS)
        prompt = (kind(random, length) if random.randrange(100) else kind(random, random.choice([300, 1000, 4000])))[:32_000]
        if prompt not in seen:
            seen.add(prompt)
            yield prompt


def of_one_script(random: Random, length: int) -> str:
    return separated(random, random.choices(random.choice(list(WORDS.values())).split(), k=length))


def of_scripts(random: Random, length: int) -> str:
    return separated(random, [random.choice(random.choice(list(WORDS.values())).split()) for _ in range(length)])


def separated(random: Random, words: list[str]) -> str:
    return random.choice([" ", " ", " ", "", "\n", ", "]).join(words) + random.choice(["", "", ".", "!", f" {random.randrange(1000)}"])


def of_any_characters(random: Random, length: int) -> str:
    """Of some blocks of 128 characters, assigned or not, without surrogates, which are no characters."""
    blocks = [128 * random.choice([random.randrange(0x20), random.randrange(0x1B0), random.randrange(0x1E0, 0x400)]) for _ in range(3)]
    return "".join(chr(random.choice(blocks) + random.randrange(128)) for _ in range(5 * length))


def unseen(random: Random, length: int) -> str:
    return "".join(random.choices(UNSEEN, k=length))
