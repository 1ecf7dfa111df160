//! Numbers in Chinese characters, in Chinese and in Japanese.

use super::number::Buffer;

/// Characters of things that are counted or numbered, so that a single numeral before them is a number.
const COUNTED: &str = "个個件人名位次回起家只隻条條本张張台部种種项項届屆期集章卷楼樓层層区區路线線号號岁歲年月日天周週时時点點分秒\
     元块塊円米里公吨噸斤克升度倍成例户戶所间間座艘架辆輛枚颗顆棵匹头頭羽冊番階级級戦戰战勝胜敗败票席連连字句页頁幅步宗轮輪場场局\
     节節折遍批双雙对對组組队隊排行册夜着割かヶ箇カつ万亿億萬兆";

/// Characters of things that are counted by *one*; before others it is an article: 一个, 一些, 一般.
const COUNTED_ONE: &str = "人名位号號岁歲年月日票章卷集届屆期";

/// Returns the digit that a character is: `None` for other characters, and 10, 100, 1000 for the powers.
fn numeral(c: char) -> Option<u32> {
    Some(match c {
        '〇' | '零' => 0,
        '一' | '壹' | '壱' => 1,
        '二' | '两' | '兩' | '贰' | '貳' | '弐' => 2,
        '三' | '叁' | '參' | '参' => 3,
        '四' | '肆' => 4,
        '五' | '伍' => 5,
        '六' | '陆' | '陸' => 6,
        '七' | '柒' => 7,
        '八' | '捌' => 8,
        '九' | '玖' => 9,
        '十' | '拾' => 10,
        '廿' => 20,
        '卅' => 30,
        '百' | '佰' => 100,
        '千' | '仟' => 1000,
        _ => return None,
    })
}

/// Returns how many bytes the number at `start` takes, and its digits; `None` if there is none. 万 and 亿 are words of their
/// own, as they are after digits (43万).
pub(super) fn number(text: &str, start: usize) -> Option<(usize, Buffer)> {
    let rest = &text[start..];
    numeral(rest.chars().next()?)?;
    let before = text[..start].chars().next_back();
    // In the midst of a number there is none.
    if before.and_then(numeral).is_some() {
        return None;
    }
    let mut end = 0;
    let mut digits = [0; 16];
    let mut count = 0;
    for (at, c) in rest.char_indices() {
        let Some(value) = numeral(c) else { break };
        *digits.get_mut(count)? = value;
        count += 1;
        end = at + c.len_utf8();
    }
    let next = rest[end..].chars().next();
    let digits = &digits[..count];
    let number = match *digits {
        [digit] => is_single(rest, digit, before, next).then(|| written(u64::from(digit))),
        _ if digits.iter().all(|&digit| digit < 10) => {
            let year = count >= 3 || next.is_some_and(|c| matches!(c, '年' | '月' | '日' | '号' | '號'));
            year.then(|| {
                let mut written = Buffer::new();
                digits.iter().for_each(|&digit| written.push(b'0' + digit as u8));
                written
            })
        }
        _ => value(digits).map(written),
    }?;
    Some((end, number))
}

/// Returns whether one numeral alone is a number: 第三, 三起, 星期五; not 三星 or 十分.
fn is_single(rest: &str, digit: u32, before: Option<char>, next: Option<char>) -> bool {
    // These are written in words and names more often than as numbers.
    let formal = rest.starts_with(['参', '陆', '陸', '伍', '拾', '零']);
    let counted = |of: &str| next.is_some_and(|c| of.contains(c));
    match digit {
        _ if formal => false,
        0 | 20.. => false,
        _ if before == Some('第') => true,
        1..=6 if before.is_some_and(|c| matches!(c, '期' | '周' | '週' | '拜')) && !counted("个個") => true,
        1 => counted(COUNTED_ONE),
        10 => counted(COUNTED) && !counted("分字足"),
        _ => counted(COUNTED),
    }
}

/// Returns the value of a number with powers: 四十三, 一百零五.
fn value(digits: &[u32]) -> Option<u64> {
    let (mut total, mut digit, mut power) = (0, None, u32::MAX);
    for &n in digits {
        match n {
            0 => digit = None,
            1..=9 if digit.is_none() => digit = Some(n),
            1..=9 => return None,
            _ if n >= power => return None,
            20 | 30 => {
                total += n;
                power = 10;
            }
            _ => {
                total += digit.take().unwrap_or(1) * n;
                power = n;
            }
        }
    }
    Some(u64::from(total + digit.unwrap_or(0)))
}

/// Writes a number in digits.
fn written(number: u64) -> Buffer {
    let mut written = Buffer::new();
    written.extend(number.to_string().as_bytes());
    written
}
